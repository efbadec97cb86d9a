namespace VisionSeqModels.Training;

/// <summary>The metrics of a fit, before it begins.</summary>
internal static class FitMetrics
{
    public static MetricCatalog Of(TrainerOptions options, FitData data, IEnumerable<Callback> callbacks) =>
        new(
            options.Metrics?.OfType<Metric>() ?? [],
            hasValidation: data.Validation is not null || options.ValidationSplit > 0,
            hasTest: data.Test is not null,
            callbacks.OfType<IEvaluatedWeights>().Select(weights => weights.MetricSuffix).OfType<string>()
        );
}
