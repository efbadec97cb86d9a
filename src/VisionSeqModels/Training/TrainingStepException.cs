using VisionSeqModels.Data;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Training;

/// <summary>A training step failed in libtorch, in a backward pass of the library's own, or because the model, the data or a
/// tensor of them was disposed. The message quotes the reason; its full text is in the inner exception.</summary>
public sealed class TrainingStepException : InvalidOperationException
{
    /// <summary>What training needs is gone: the data, the model or a tensor was disposed.</summary>
    internal TrainingStepException(int epoch, int stepsInEpoch, string reason, Exception inner)
        : base($"Training failed in epoch {epoch}, after {stepsInEpoch} of its steps: {reason}", inner) { }

    /// <summary>The error with epoch and step, where it does not have them and they help.</summary>
    internal static Exception WithPosition(Exception e, FitContext context)
    {
        string? reason = e is UnusableBatchException ? e.Message : Disposal.Explain(e, context.Model);
        return reason is null ? e : new TrainingStepException(context.Epoch, context.StepInEpoch, reason, e);
    }

    internal TrainingStepException(int epoch, int stepInEpoch, Batch batch, Exception inner)
        : base($"Step {stepInEpoch} of epoch {epoch} failed on {LibtorchError.On(batch.Inputs, batch.Targets, inner)}", inner) { }
}
