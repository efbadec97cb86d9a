using VisionSeqModels.Data;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Training;

/// <summary>libtorch refused to apply a model to a batch, or to measure it. The message quotes libtorch; its full text is in
/// the inner exception.</summary>
public sealed class EvaluationException : InvalidOperationException
{
    internal EvaluationException(string source, int number, Batch batch, Exception inner)
        : this(source, number, $"on {LibtorchError.On(batch.Inputs, batch.Targets, inner)}", inner) { }

    internal EvaluationException(string source, int number, string reason, Exception inner)
        : base($"The evaluation of batch {number} of '{source}' failed {reason}", inner) { }

    private EvaluationException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>The same, for an evaluation within a fit.</summary>
    internal static EvaluationException Within(int epoch, EvaluationException e) =>
        new($"After the training of epoch {epoch}: {e.Message}", e.InnerException!);
}
