using System.Text.Json.Serialization;

namespace VisionSeqModels.Visualization;

/// <summary>What one layer gave over a whole data set.</summary>
public sealed record LayerStatistics
{
    /// <summary>The name of the module, as in <c>named_modules()</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The title in pictures, for example <c>conv1 after ReLU</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Each channel (each unit where the layer is fully connected).</summary>
    public required IReadOnlyList<ChannelStatistics> Channels { get; init; }

    /// <summary>All channels together.</summary>
    public required ChannelStatistics All { get; init; }

    /// <summary>The fraction of channels that are dead, 0 to 1.</summary>
    [JsonPropertyName("dead_share")]
    public double DeadFraction => (double)Channels.Count(channel => channel.IsDead) / Channels.Count;
}
