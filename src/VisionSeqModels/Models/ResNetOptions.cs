using VisionSeqModels.Core;
using VisionSeqModels.Models;

namespace VisionSeqModels;

/// <summary>The sizes of a residual network; the defaults are ResNet-20 for 32×32 colour images.</summary>
/// <remarks>He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2015).</remarks>
public sealed record ResNetOptions
{
    private const int SmallStages = 3;
    private const int LayersPerBlock = 2;

    /// <summary>Channels of the images: 3 for colour (default), 1 for grey.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Height of the images in pixels; default 32. The model takes other sizes too; <c>Summary</c> and exports use
    /// this one.</summary>
    public int ImageHeight { get; init; } = 32;

    /// <summary>Width of the images in pixels; default 32; see <see cref="ImageHeight"/>.</summary>
    public int ImageWidth { get; init; } = 32;

    /// <summary>How the network begins; default <see cref="ResNetStem.Small"/>.</summary>
    public ResNetStem Stem { get; init; } = ResNetStem.Small;

    /// <summary>Blocks of each stage, each with two 3×3 convolutions; default 3, 3 and 3; each at least 1. Every stage but the
    /// first halves height and width.</summary>
    public IReadOnlyList<int> BlockCounts { get; init; } = [3, 3, 3];

    /// <summary>Channels of each stage; default 16, 32 and 64; as many as <see cref="BlockCounts"/>, each at least 1, none
    /// smaller than the one before where <see cref="Shortcut"/> is <see cref="ResNetShortcut.Identity"/>.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [16, 32, 64];

    /// <summary>How the shortcut gets past a block that changes the size; default
    /// <see cref="ResNetShortcut.Identity"/>.</summary>
    public ResNetShortcut Shortcut { get; init; } = ResNetShortcut.Identity;

    /// <summary>What the outputs are; default <see cref="ModelOutput.Classes"/>.</summary>
    public ModelOutput Output { get; init; } = ModelOutput.Classes;

    /// <summary>Number of classes, or of independent labels where <see cref="Output"/> is <see cref="ModelOutput.Labels"/>;
    /// default 10, at least 2 classes or 1 label. <see cref="ModelOutput.Values"/> does not use it.</summary>
    public int ClassCount { get; init; } = 10;

    /// <summary>Number of real outputs where <see cref="Output"/> is <see cref="ModelOutput.Values"/>; default 1, at least
    /// 1.</summary>
    public int ValueCount { get; init; } = 1;

    /// <summary>Seed of the initial weights; default null, which draws them from PyTorch's global generator. With a seed
    /// they are the same each time, and the global generator is left as it was.</summary>
    public long? Seed { get; init; }

    /// <summary>ResNet-20 with channels, image size and classes of a data set.</summary>
    /// <param name="data">The data set.</param>
    public static ResNetOptions For(ImageDatasets data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new ResNetOptions
        {
            InputChannels = data.Channels,
            ImageHeight = data.Height,
            ImageWidth = data.Width,
            ClassCount = data.ClassNames.Count,
        };
    }

    /// <summary>The network for small images with 6n + 2 layers: n blocks in each of three stages of 16, 32 and 64
    /// channels.</summary>
    /// <param name="depth">Layers with weights: 8, 14, 20, 26, 32, 44, 56, 110 or another number 6n + 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth is no such number.</exception>
    public static ResNetOptions OfDepth(int depth)
    {
        int blocks = (depth - 2) / (SmallStages * LayersPerBlock);
        return blocks >= 1 && depth == (blocks * SmallStages * LayersPerBlock) + 2
            ? new ResNetOptions { BlockCounts = [blocks, blocks, blocks] }
            : throw new ArgumentOutOfRangeException(
                nameof(depth),
                depth,
                "The depth must be 6n + 2 for a whole n of at least 1: 8, 14, 20, 26, 32 and so on."
            );
    }

    /// <summary>ResNet-18 for 224×224 colour images and the 1000 classes of ImageNet, with torchvision's parameter names and
    /// sizes; change <see cref="ClassCount"/> with <c>with { ClassCount = … }</c>.</summary>
    public static ResNetOptions ResNet18() => ForImageNet([2, 2, 2, 2]);

    /// <summary>ResNet-34, otherwise like <see cref="ResNet18"/>.</summary>
    public static ResNetOptions ResNet34() => ForImageNet([3, 4, 6, 3]);

    /// <summary>Size of the last layer.</summary>
    internal int OutputCount => OutputSize.Of(Output, ClassCount, ValueCount);

    internal void Validate()
    {
        var faults = new OptionFaults(nameof(ResNetOptions))
            .AtLeast(1, nameof(InputChannels), InputChannels)
            .AtLeast(1, nameof(ImageHeight), ImageHeight)
            .AtLeast(1, nameof(ImageWidth), ImageWidth)
            .Require(Enum.IsDefined(Stem), nameof(Stem), "Small or Large", Stem)
            .Require(Enum.IsDefined(Shortcut), nameof(Shortcut), "Identity or Projection", Shortcut)
            .Sizes(nameof(BlockCounts), BlockCounts)
            .Require(BlockCounts is not { Count: 0 }, nameof(BlockCounts), "one number or more", "empty")
            .Sizes(nameof(Widths), Widths);
        if (BlockCounts is not null && Widths is not null)
        {
            faults
                .Require(
                    Widths.Count == BlockCounts.Count,
                    nameof(Widths),
                    $"one number for each of the {BlockCounts.Count} BlockCounts",
                    OptionSizes.Text(Widths)
                )
                .Require(
                    Shortcut != ResNetShortcut.Identity || Widths.Zip(Widths.Skip(1)).All(pair => pair.First <= pair.Second),
                    nameof(Widths),
                    "none smaller than the one before where Shortcut is Identity",
                    OptionSizes.Text(Widths)
                );
        }

        faults.Outputs(Output, ClassCount, ValueCount).ThrowIfAny();
    }

    private static ResNetOptions ForImageNet(IReadOnlyList<int> blockCounts) =>
        new()
        {
            ImageHeight = 224,
            ImageWidth = 224,
            Stem = ResNetStem.Large,
            BlockCounts = blockCounts,
            Widths = [64, 128, 256, 512],
            Shortcut = ResNetShortcut.Projection,
            ClassCount = 1000,
        };
}
