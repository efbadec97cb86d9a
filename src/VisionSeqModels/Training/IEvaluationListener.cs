namespace VisionSeqModels.Training;

/// <summary>A callback that follows an evaluation while it runs.</summary>
internal interface IEvaluationListener
{
    /// <summary>After each batch.</summary>
    /// <param name="context">The run.</param>
    /// <param name="role">Which data it is: <c>val</c> or <c>test</c>.</param>
    /// <param name="batches">The batches done.</param>
    /// <param name="of">How many there are, or null where the data does not say.</param>
    void OnEvaluationBatch(FitContext context, string role, int batches, long? of);
}
