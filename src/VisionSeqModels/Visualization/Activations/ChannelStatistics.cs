using System.Text.Json.Serialization;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>What one channel of a layer gave over a whole data set.</summary>
public sealed record ChannelStatistics
{
    /// <summary>How many finite values: images times pixels of the feature map.</summary>
    public required long Count { get; init; }

    /// <summary>Values that are NaN or infinite; nothing else counts them.</summary>
    public required long NonFiniteCount { get; init; }

    /// <summary>The mean.</summary>
    public required double Mean { get; init; }

    /// <summary>The standard deviation (of the population: divided by the count).</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>The smallest value.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest value.</summary>
    public required double Maximum { get; init; }

    /// <summary>The fraction of values that are exactly zero, 0 to 1.</summary>
    [JsonPropertyName("zero_share")]
    public required double ZeroFraction { get; init; }

    /// <summary>Whether the channel gave the same value everywhere, for every image; after a ReLU that is zero, and
    /// no gradient flows.</summary>
    public bool IsDead => Count > 0 && Minimum == Maximum;

    /// <summary>The distribution of the values.</summary>
    public required Histogram Histogram { get; init; }
}
