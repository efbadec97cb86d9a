using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>Size and seed of <see cref="SyntheticImages"/>.</summary>
public sealed record SyntheticImagesOptions
{
    /// <summary>Training images; default 5,000.</summary>
    public int TrainCount { get; init; } = 5_000;

    /// <summary>Test images; default 1,000.</summary>
    public int TestCount { get; init; } = 1_000;

    /// <summary>3 for colour (default), 1 for grey.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Height and width in pixels; default 32, at least 16.</summary>
    public int Size { get; init; } = 32;

    /// <summary>Whether place, size and angle of a shape vary, and which of shape and ground is the lighter one; default true.
    /// False: each shape is upright in the middle, of one size and lighter than its ground, so that even a linear model learns
    /// them. Colours and noise vary in any case.</summary>
    public bool Varied { get; init; } = true;

    /// <summary>The images are a function of it; default 1. Training and test images are different ones.</summary>
    public long Seed { get; init; } = 1;

    internal void Validate() =>
        new OptionFaults(nameof(SyntheticImagesOptions))
            .AtLeast(1, nameof(TrainCount), TrainCount)
            .AtLeast(1, nameof(TestCount), TestCount)
            .Require(Channels is 1 or 3, nameof(Channels), "1 or 3", Channels)
            .Require(Size is >= 16 and <= 256, nameof(Size), "from 16 to 256", Size)
            .ThrowIfAny();
}
