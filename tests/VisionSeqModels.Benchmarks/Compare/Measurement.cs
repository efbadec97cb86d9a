namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>One loop and the seconds that its epochs took.</summary>
internal sealed class Measurement(string name, Func<double> epoch)
{
    private readonly List<double> _seconds = [];

    public string Name => name;

    public IReadOnlyList<double> Seconds => _seconds;

    public double Median => _seconds.Order().ElementAt(_seconds.Count / 2);

    public void RunOnce(bool keep = true)
    {
        double seconds = epoch();
        if (keep)
        {
            _seconds.Add(seconds);
        }
    }

    /// <summary>A row of a table: name, median and range of milliseconds a step, and the median's ratio to others.</summary>
    public string[] Row(int steps, params Measurement?[] others) =>
        [
            name,
            FormattableString.Invariant(
                $"{1000 * Median / steps:f2} ({1000 * _seconds.Min() / steps:f2} to {1000 * _seconds.Max() / steps:f2})"
            ),
            .. others.Select(other => other is null ? "-" : FormattableString.Invariant($"{Median / other.Median:f3}")),
        ];
}
