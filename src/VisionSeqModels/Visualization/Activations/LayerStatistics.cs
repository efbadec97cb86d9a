namespace VisionSeqModels.Visualization;

/// <summary>What one layer gave over a whole data set.</summary>
public sealed record LayerStatistics
{
    /// <summary>The name of the module that was looked at, as in <c>named_modules()</c>.</summary>
    public required string Name { get; init; }

    /// <summary>For people: for example <c>conv1 after ReLU</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Each channel (each unit where the layer is fully connected).</summary>
    public required IReadOnlyList<ChannelStatistics> Channels { get; init; }

    /// <summary>All channels together.</summary>
    public required ChannelStatistics All { get; init; }

    /// <summary>The share of channels that are dead, 0..1.</summary>
    public double DeadShare => (double)Channels.Count(channel => channel.IsDead) / Channels.Count;
}
