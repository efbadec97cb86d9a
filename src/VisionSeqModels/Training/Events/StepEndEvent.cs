using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>What <see cref="Callback.OnStepEnd"/> is told.</summary>
public readonly struct StepEndEvent
{
    internal StepEndEvent(FitContext context, int stepInEpoch, Batch batch, Tensor outputs, Tensor loss)
    {
        Context = context;
        StepInEpoch = stepInEpoch;
        Batch = batch;
        Outputs = outputs;
        Loss = loss;
    }

    /// <summary>The run: model, options, history, and the way to ask for its end.</summary>
    public FitContext Context { get; }

    /// <summary>Optimizer steps done in the whole run, this one included.</summary>
    public long Step => Context.Step;

    /// <summary>Optimizer steps done in this epoch, this one included.</summary>
    public int StepInEpoch { get; }

    /// <summary>The batch of the step; borrowed.</summary>
    public Batch Batch { get; }

    /// <summary>What the model gave for it, before the weights moved; borrowed.</summary>
    public Tensor Outputs { get; }

    /// <summary>The mean loss over the batch, a tensor without dimensions on the device; borrowed.</summary>
    public Tensor Loss { get; }
}
