using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Confusion matrix and most confident errors in one pass over the data.</summary>
internal static class ClassifierErrors
{
    /// <inheritdoc cref="ConfidentErrors.Measure"/>
    public static (ConfusionMatrix Matrix, ConfidentErrors Errors) Measure(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        ConfidentErrorsOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ClassOutput.Require(model, nameof(ConfusionMatrix));
        using var scope = NewDisposeScope();
        var counter = new ConfusionCounter(data, new ConfusionMatrixOptions());
        var search = new ErrorSearch(data.Name);
        long samples = ViewPass.Scores(
            model,
            data,
            options,
            (batch, first, scores) =>
            {
                counter.See(scores, batch.Targets);
                search.See(batch, first, scores);
            },
            cancellationToken
        );
        return (counter.Matrix, search.Found(samples, options.MaximumCount));
    }
}
