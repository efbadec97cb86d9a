using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>How one epoch is to be read from an <see cref="IBatchSource"/>.</summary>
/// <remarks>The order of the samples is a function of <see cref="Seed"/> and <see cref="Epoch"/> alone: nothing is drawn from
/// PyTorch's global generator.</remarks>
public sealed record BatchRequest
{
    /// <summary>Samples in a batch, at least 1. Sources that come in batches already ignore it.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Where the batches are to be; default the CPU.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>Whether the samples come in a new random order; default false (stored order).</summary>
    public bool Shuffle { get; init; }

    /// <summary>Whether a last batch with fewer than <see cref="BatchSize"/> samples is left out; default false.</summary>
    public bool DropLast { get; init; }

    /// <summary>The seed of the run; together with <see cref="Epoch"/> it fixes the order.</summary>
    public long Seed { get; init; }

    /// <summary>The epoch to be read, from 1; default 1.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>How many batches of the epoch to leave out at its start; default 0. A resumed run begins in mid-epoch.</summary>
    public int SkipBatches { get; init; }
}
