namespace VisionSeqModels.Training;

/// <summary>Sums over batches, on the host: the loss, its weights, then each metric.</summary>
internal sealed record MetricSums(Loss Loss, IReadOnlyList<Metric> Metrics, long SampleCount, double[][] Parts, bool AllFinite)
{
    /// <summary>Loss and metrics by name, in order; NaN for all where no batch was added.</summary>
    public IReadOnlyDictionary<string, double> ByName(string prefix)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal) { [prefix + "loss"] = MeanLoss };
        for (int i = 0; i < Metrics.Count; i++)
        {
            values[prefix + Metrics[i].Name] = SampleCount == 0 ? double.NaN : Metrics[i].Compute(Parts[i + 2], SampleCount);
        }

        return values;
    }

    public double MeanLoss => SampleCount == 0 ? double.NaN : Parts[0][0] / (Parts[1][0] != 0 ? Parts[1][0] : SampleCount);

    public bool IsFinite => double.IsFinite(MeanLoss) && AllFinite;

    public MetricSums Since(MetricSums before) =>
        this with
        {
            SampleCount = SampleCount - before.SampleCount,
            Parts = [.. Parts.Zip(before.Parts, (now, then) => now.Zip(then, (a, b) => a - b).ToArray())],
        };

    public double[] Flat() => [SampleCount, .. Parts.SelectMany(part => part)];

    public static MetricSums FromFlat(Loss loss, IReadOnlyList<Metric> metrics, double[] flat, int[] lengths)
    {
        int begin = 1;
        return new MetricSums(
            loss,
            metrics,
            (long)flat[0],
            [.. lengths.Select(length => flat[begin..(begin += length)])],
            AllFinite: true
        );
    }
}
