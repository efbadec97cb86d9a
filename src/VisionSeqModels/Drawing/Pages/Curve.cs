namespace VisionSeqModels.Drawing;

/// <summary>A line of a chart over epochs.</summary>
/// <param name="Setting">The number of what it belongs to, which gives colour, marker and dashes, and hides with it.</param>
/// <param name="SettingName">The name of that.</param>
/// <param name="Name">The line's own name.</param>
/// <param name="Points">Epochs and finite values.</param>
internal sealed record Curve(int Setting, string SettingName, string Name, IReadOnlyList<(int Epoch, double Value)> Points)
{
    /// <summary>What it is measured on: 0 for the data that decides, 1 for training, 2 for further data.</summary>
    public int Role { get; init; }

    /// <summary>Whether it is one of several that have a mean; it is shown on demand.</summary>
    public bool IsPart { get; init; }

    /// <summary>For a mean the least and the largest value at each point; null for a single line.</summary>
    public IReadOnlyList<(double Least, double Most)>? Band { get; init; }

    /// <summary>The least and the largest value, a mean's band included.</summary>
    public (double Least, double Most) Extent =>
        Band is null
            ? (Points.Min(point => point.Value), Points.Max(point => point.Value))
            : (Band.Min(range => range.Least), Band.Max(range => range.Most));

    /// <summary>Every so many-th point, and the last.</summary>
    public Curve Thinned(int step)
    {
        if (step <= 1)
        {
            return this;
        }

        bool IsKept(int i) => i % step == 0 || i == Points.Count - 1;
        return this with
        {
            Points = [.. Points.Where((_, i) => IsKept(i))],
            Band = Band is null ? null : [.. Band.Where((_, i) => IsKept(i))],
        };
    }

    /// <summary>The mean of several lines at each epoch that at least one has, with their range as its band; where one ended
    /// earlier, it is that of the others.</summary>
    public static Curve MeanOf(IReadOnlyList<Curve> lines, string name)
    {
        var byEpoch = lines
            .SelectMany(line => line.Points)
            .GroupBy(point => point.Epoch, point => point.Value)
            .OrderBy(group => group.Key)
            .ToList();
        return lines[0] with
        {
            Name = name,
            Points = [.. byEpoch.Select(values => (values.Key, values.Average(value => value)))],
            Band = [.. byEpoch.Select(values => (values.Min(), values.Max()))],
            IsPart = false,
        };
    }
}
