using Microsoft.Extensions.Logging;
using VisionSeqModels.Core;
using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>How to load a folder of images.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>What each picture becomes: channels, size, resize mode and background; default 3×64×64, by the shorter
    /// side.</summary>
    public ImagePreparation Preparation { get; init; } = new();

    /// <summary>How bytes become inputs; null, the default, for the mean and standard deviation of the training images.</summary>
    public ImageNormalization? Normalization { get; init; }

    /// <summary>The fraction of each class that goes into the test part, where the folder has no test part of its own; default
    /// 0.2, above 0 and below 1.</summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>Decides which images those are; default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Gives the group of a file, for example its person or its video: a group is never on both sides. It receives the
    /// path relative to the folder, with slashes. Default null, each file by itself.</summary>
    public Func<string, string>? Group { get; init; }

    /// <summary>The subfolder with the test images, beside <c>train</c>; null, the default, for <c>test</c>, <c>val</c>,
    /// <c>valid</c> or <c>validation</c>, whichever is there.</summary>
    public string? TestFolder { get; init; }

    /// <summary>What to do with files that cannot be read as images; default <see cref="OnBrokenFile.Refuse"/>.</summary>
    public OnBrokenFile OnBrokenFile { get; init; }

    /// <summary>A picture of more pixels is a broken file, refused before it is decoded; default 67,108,864.</summary>
    public long PixelLimit { get; init; } = ImageDecoder.DefaultPixelLimit;

    /// <summary>Where the images have more bytes than this, they are kept in a file and mapped into memory; default 1 GiB. With
    /// 0 they always are.</summary>
    public long MemoryLimit { get; init; } = 1L << 30;

    /// <summary>The folder for that file; null, the default, for <c>image-folders</c> in the per-user cache folder
    /// (<see cref="DatasetDirectory.Default"/>).</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>How many threads decode; null, the default, for as many as the machine has cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Receives the progress, on the threads that decode, one at a time; default none.</summary>
    public IProgress<ImageFolderProgress>? Progress { get; init; }

    /// <summary>The logger; default none.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>Stops the loading.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal void Validate() =>
        new OptionFaults(nameof(ImageFolderOptions))
            .Require(Preparation is not null, nameof(Preparation), "set", Preparation)
            .Include(nameof(Preparation), Preparation?.Faults() ?? [])
            .Include(nameof(Normalization), Normalization?.Faults(Preparation?.Channels ?? 0) ?? [])
            .Require(TestFraction is > 0 and < 1, nameof(TestFraction), "above 0 and below 1", TestFraction)
            .Require(
                TestFolder is null || (TestFolder.Trim().Length > 0 && Path.GetFileName(TestFolder) == TestFolder),
                nameof(TestFolder),
                "null or the name of a subfolder",
                TestFolder
            )
            .Require(Enum.IsDefined(OnBrokenFile), nameof(OnBrokenFile), "Refuse or Skip", OnBrokenFile)
            .AtLeast(1, nameof(PixelLimit), PixelLimit)
            .Require(PixelLimit <= int.MaxValue / 4, nameof(PixelLimit), "at most 536870911", PixelLimit)
            .AtLeast(0, nameof(MemoryLimit), MemoryLimit)
            .Require(
                CacheDirectory is null || CacheDirectory.Trim().Length > 0,
                nameof(CacheDirectory),
                "null or a path",
                CacheDirectory
            )
            .Require(Threads is null or >= 1, nameof(Threads), "null or at least 1", Threads)
            .ThrowIfAny();
}
