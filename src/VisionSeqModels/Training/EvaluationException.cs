using VisionSeqModels.Data;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Training;

/// <summary>libtorch refused to apply a model to a batch, or to measure it. The message quotes libtorch; its full text is in
/// the inner exception.</summary>
public sealed class EvaluationException : InvalidOperationException
{
    internal EvaluationException(string source, int number, Batch batch, Exception inner)
        : base(
            $"The evaluation of batch {number} of '{source}' failed on {LibtorchError.On(batch.Inputs, batch.Targets, inner)}",
            inner
        ) { }
}
