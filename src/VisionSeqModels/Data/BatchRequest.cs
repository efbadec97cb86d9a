using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>How to read one epoch from an <see cref="IBatchSource"/>.</summary>
/// <remarks>The order of the samples is a function of <see cref="Seed"/> and <see cref="Epoch"/> alone. It draws nothing from
/// libtorch's global generator.</remarks>
public sealed record BatchRequest
{
    /// <summary>Samples in a batch, at least 1. A source of ready-made batches ignores it.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The device of the batches; default the CPU.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>Where images in memory are while the batches go to a GPU; default <see cref="DataPlacement.Auto"/>. Only an
    /// <see cref="ImageDataset"/> looks at it.</summary>
    public DataPlacement Placement { get; init; }

    /// <summary>Whether the samples come in a new random order; default false (stored order).</summary>
    public bool Shuffle { get; init; }

    /// <summary>Whether to leave out a last batch with fewer than <see cref="BatchSize"/> samples; default false.</summary>
    public bool DropLast { get; init; }

    /// <summary>The seed of the run; with <see cref="Epoch"/> it fixes the order.</summary>
    public long Seed { get; init; }

    /// <summary>The epoch to read, from 1; default 1.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>The number of batches to skip at the start of the epoch; default 0. A resumed run may begin within an
    /// epoch.</summary>
    public int SkipBatches { get; init; }
}
