using VisionSeqModels.Core;

namespace VisionSeqModels.Training;

/// <summary>The metrics that an epoch of a run can have: those of training, then those of validation and test data.</summary>
internal sealed class MetricCatalog
{
    private readonly Dictionary<string, bool> _metrics = new(StringComparer.Ordinal);

    /// <param name="metrics">The metrics besides the loss.</param>
    /// <param name="hasValidation">Whether there is validation data.</param>
    /// <param name="hasTest">Whether there is test data.</param>
    /// <param name="suffixes">What the names of metrics of averaged weights end in.</param>
    public MetricCatalog(IEnumerable<Metric> metrics, bool hasValidation, bool hasTest, IEnumerable<string> suffixes)
    {
        string?[] prefixes = ["train_", hasValidation ? "val_" : null, hasTest ? "test_" : null];
        foreach (string prefix in prefixes.OfType<string>())
        {
            _metrics[prefix + "loss"] = false;
            foreach (var metric in metrics)
            {
                _metrics[prefix + metric.Name] = metric.HigherIsBetter;
            }
        }

        var measured = _metrics.Where(entry => !entry.Key.StartsWith("train_", StringComparison.Ordinal)).ToList();
        foreach (string suffix in suffixes)
        {
            measured.ForEach(entry => _metrics[entry.Key + suffix] = entry.Value);
        }
    }

    public IReadOnlyCollection<string> Names => _metrics.Keys;

    public bool Has(string metric) => _metrics.ContainsKey(metric);

    /// <summary>Whether larger values of a metric are better.</summary>
    /// <exception cref="ArgumentException">No metric has that name; the message lists those there are.</exception>
    public bool HigherIsBetter(string metric) =>
        _metrics.TryGetValue(metric, out bool higher)
            ? higher
            : throw new ArgumentException(
                $"There is no metric named '{PlainText.Of(metric)}'. This run has: {PlainText.List(_metrics.Keys)}.",
                nameof(metric)
            );

    /// <summary>Says so where an option names a metric that there is not.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="metric">What it is, or null.</param>
    public IReadOnlyList<string> Faults(string option, string? metric) =>
        new OptionFaults("")
            .Require(
                metric is null || Has(metric),
                option,
                $"one of {PlainText.List(_metrics.Keys)}",
                $"'{PlainText.Of(metric ?? "")}'"
            )
            .All;
}
