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

    internal TrainingStepException(int epoch, int stepInEpoch, Batch batch, Exception inner)
        : base($"Step {stepInEpoch} of epoch {epoch} failed on {LibtorchError.On(batch.Inputs, batch.Targets, inner)}", inner) { }
}
