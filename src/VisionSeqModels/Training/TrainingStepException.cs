using VisionSeqModels.Data;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Training;

/// <summary>A training step failed in libtorch, or in a backward pass of the library's own. The message quotes the reason; its
/// full text is in the inner exception.</summary>
public sealed class TrainingStepException : InvalidOperationException
{
    internal TrainingStepException(int epoch, int stepInEpoch, Batch batch, Exception inner)
        : base($"Step {stepInEpoch} of epoch {epoch} failed on {LibtorchError.On(batch.Inputs, batch.Targets, inner)}", inner) { }
}
