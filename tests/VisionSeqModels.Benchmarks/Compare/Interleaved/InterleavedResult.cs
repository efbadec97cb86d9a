namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>A model's times with a number of threads.</summary>
/// <param name="Model">The model.</param>
/// <param name="Threads">Threads of libtorch and of PyTorch.</param>
/// <param name="MillisecondsAStep">Of every round, by who trained; the first is who the others are compared with.</param>
internal sealed record InterleavedResult(string Model, int Threads, Dictionary<string, double[]> MillisecondsAStep)
{
    /// <summary>The first one's time divided by that of each other.</summary>
    public Dictionary<string, RatioInterval> Ratios =>
        MillisecondsAStep
            .Skip(1)
            .ToDictionary(other => other.Key, other => RatioInterval.Of(MillisecondsAStep.First().Value, other.Value));

    public void Print()
    {
        var ratios = Ratios;
        string first = MillisecondsAStep.First().Key;
        Table.Print([
            [$"{Model}, threads: {PyTorch.Text(Threads)}", "median ms a step (range)", $"{first} / it (95 %)"],
            .. MillisecondsAStep.Select(row =>
                new[]
                {
                    row.Key,
                    FormattableString.Invariant(
                        $"{RatioInterval.Median(row.Value):f3} ({row.Value.Min():f3} to {row.Value.Max():f3})"
                    ),
                    ratios.TryGetValue(row.Key, out var ratio) ? ratio.ToString() : "",
                }
            ),
        ]);
    }
}
