using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Leaves out what a layer gives for the padding of a batch of sequences of several lengths.</summary>
internal sealed class CountedSteps
{
    private Batch _batch;

    /// <summary>Begins a batch.</summary>
    public Batch Begin(Batch batch) => _batch = batch;

    /// <summary>What a layer gives for the steps that count: its output as it is where all steps do, or where it has one row a
    /// sequence; else <c>[counted steps, units]</c>.</summary>
    /// <exception cref="InvalidOperationException">The output's steps are not those of the input.</exception>
    public Tensor Of(string layer, Tensor output)
    {
        if (_batch.Lengths is not Tensor lengths || (output.dim() == 2 && output.size(0) == _batch.Count))
        {
            return output;
        }

        if (output.dim() != 3 || output.size(0) != _batch.Count || output.size(1) != _batch.Inputs.size(1))
        {
            throw new InvalidOperationException(
                $"The data has sequences of several lengths, and the layer '{layer}' gives {Shape.Of(output)} for inputs "
                    + $"{Shape.Of(_batch.Inputs)}: which of it is padding cannot be known. Name layers that give [batch, time, "
                    + "units] or [batch, units], or give sequences of one length."
            );
        }

        return output[StepMask.Of(lengths, output.size(1), output.device)];
    }
}
