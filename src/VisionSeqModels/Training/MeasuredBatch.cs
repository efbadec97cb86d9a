using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Outputs and targets as losses and metrics get them: of a model with an output for each step, every step that counts
/// is a sample of its own.</summary>
/// <param name="Outputs">The outputs.</param>
/// <param name="Targets">The targets.</param>
/// <param name="Count">How many samples they are.</param>
internal readonly record struct MeasuredBatch(Tensor Outputs, Tensor Targets, int Count)
{
    /// <summary>The outputs and targets of the steps that count, <c>[steps, outputs]</c> and <c>[steps]</c> or <c>[steps,
    /// outputs]</c>; of a model with one output a sample both as they are. Nothing is read from the device.</summary>
    /// <param name="model">The model.</param>
    /// <param name="outputs">What it gave, <c>[batch, time, outputs]</c> where it has an output for each step.</param>
    /// <param name="targets">The batch's targets, <c>[batch, time]</c> or <c>[batch, time, outputs]</c>.</param>
    /// <param name="lengths">How many steps of each sequence count, on the CPU; null for all.</param>
    /// <exception cref="ShapeMismatchException">The targets do not have a row for each step.</exception>
    public static MeasuredBatch Of(nn.Module model, Tensor outputs, Tensor targets, Tensor? lengths)
    {
        if (model is not IConfiguredModel { OutputsEachStep: true })
        {
            return new(outputs, targets, (int)targets.size(0));
        }

        if (outputs.dim() != 3 || targets.dim() < 2 || !outputs.shape.AsSpan(0, 2).SequenceEqual(targets.shape.AsSpan(0, 2)))
        {
            throw new ShapeMismatchException(
                $"The model '{model.GetName()}' gives an output for each step and needs targets [batch, time] or [batch, time, "
                    + $"outputs] of as many steps, but gave {Shape.Of(outputs)} and received {targets.dtype} targets "
                    + $"{Shape.Of(targets)}. Give a target for each step, or choose another Readout."
            );
        }

        var places = lengths is null ? null : Places(lengths, outputs.size(1)).to(outputs.device);
        Tensor Steps(Tensor all) => places is null ? all.flatten(0, 1) : all.flatten(0, 1).index_select(0, places);
        var counted = Steps(targets);
        return new(Steps(outputs), counted, (int)counted.size(0));
    }

    /// <summary>The places of the steps that count in a flat batch, on the CPU.</summary>
    private static Tensor Places(Tensor lengths, long time)
    {
        using var scope = NewDisposeScope();
        return StepMask.Of(lengths, time, CPU).flatten().nonzero().flatten().MoveToOuterDisposeScope();
    }
}
