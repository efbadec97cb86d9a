namespace VisionSeqModels.Training;

/// <summary>Sums over batches, on the host: the loss, its weights, then each metric; all samples of a metric that keeps
/// them.</summary>
internal sealed record MetricSums(
    Loss Loss,
    IReadOnlyList<Metric> Metrics,
    long SampleCount,
    ReadOnlyMemory<double>[] Parts,
    bool AllFinite
)
{
    private const int FirstMetric = 2;

    /// <summary>Loss and metrics by name, in order; NaN for all where no batch was added.</summary>
    public IReadOnlyDictionary<string, double> ByName(string prefix)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal) { [prefix + "loss"] = MeanLoss };
        for (int i = 0; i < Metrics.Count; i++)
        {
            values[prefix + Metrics[i].Name] =
                SampleCount == 0 ? double.NaN : Metrics[i].Compute(Parts[FirstMetric + i].Span, SampleCount);
        }

        return values;
    }

    public double MeanLoss => SampleCount == 0 ? double.NaN : Parts[0].Span[0] / (Weight != 0 ? Weight : SampleCount);

    public bool IsFinite => double.IsFinite(MeanLoss) && AllFinite;

    private double Weight => Parts[1].Span[0];

    public MetricSums Since(MetricSums before) =>
        this with
        {
            SampleCount = SampleCount - before.SampleCount,
            Parts = [.. Parts.Select((now, i) => Keeps(i) ? now[before.Parts[i].Length..] : Difference(now, before.Parts[i]))],
        };

    /// <summary>The sums in one row of numbers. Of kept samples it has their count: the samples are saved besides.</summary>
    public double[] Flat() => [SampleCount, .. Parts.SelectMany((part, i) => Keeps(i) ? [part.Length] : part.ToArray())];

    /// <summary>The sums out of a row of numbers.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="metrics">The metrics.</param>
    /// <param name="flat">What <see cref="Flat"/> gave.</param>
    /// <param name="lengths">How many numbers each sum has; null for kept samples.</param>
    /// <param name="kept">The kept samples of now, which begin with those of then.</param>
    public static MetricSums FromFlat(
        Loss loss,
        IReadOnlyList<Metric> metrics,
        double[] flat,
        int?[] lengths,
        ReadOnlyMemory<double>[] kept
    )
    {
        int begin = 1;
        var parts = lengths.Select(
            (length, i) => length is int size ? flat.AsMemory()[begin..(begin += size)] : kept[i][..(int)flat[begin++]]
        );
        return new MetricSums(loss, metrics, (long)flat[0], [.. parts], AllFinite: true);
    }

    private static ReadOnlyMemory<double> Difference(ReadOnlyMemory<double> now, ReadOnlyMemory<double> before)
    {
        double[] difference = now.ToArray();
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] -= before.Span[i];
        }

        return difference;
    }

    private bool Keeps(int part) => part >= FirstMetric && Metrics[part - FirstMetric].KeepsSamples;
}
