namespace VisionSeqModels.Drawing;

/// <summary>How many values lie in each of equally wide bins.</summary>
public sealed record Histogram
{
    /// <summary>The width of a bin, a power of two.</summary>
    public required double BinWidth { get; init; }

    /// <summary>The number of the first bin: it holds values v with
    /// <c>FirstBin · BinWidth ≤ v &lt; (FirstBin + 1) · BinWidth</c>.</summary>
    public required long FirstBin { get; init; }

    /// <summary>The values in each bin, from the first on.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    /// <summary>The lower edge of a bin.</summary>
    /// <param name="bin">Its place in <see cref="Counts"/>.</param>
    public double LowerEdge(int bin) => (FirstBin + bin) * BinWidth;
}
