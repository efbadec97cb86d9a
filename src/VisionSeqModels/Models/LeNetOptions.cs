using VisionSeqModels.Core;
using VisionSeqModels.Models;

namespace VisionSeqModels;

/// <summary>The sizes of a LeNet; the defaults are the homework's network for 32×32 colour images.</summary>
/// <remarks>After LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition" (1998), with
/// ReLU and max pooling in place of tanh and subsampling by default.</remarks>
public sealed record LeNetOptions
{
    /// <summary>Channels of the images: 3 for colour (default), 1 for grey.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Height of the images in pixels; default 32.</summary>
    public int ImageHeight { get; init; } = 32;

    /// <summary>Width of the images in pixels; default 32.</summary>
    public int ImageWidth { get; init; } = 32;

    /// <summary>What the outputs are; default <see cref="ModelOutput.Classes"/>.</summary>
    public ModelOutput Output { get; init; } = ModelOutput.Classes;

    /// <summary>Number of classes, or of independent labels where <see cref="Output"/> is <see cref="ModelOutput.Labels"/>;
    /// default 10, at least 2 classes or 1 label. <see cref="ModelOutput.Values"/> does not use it.</summary>
    public int ClassCount { get; init; } = 10;

    /// <summary>Number of real outputs where <see cref="Output"/> is <see cref="ModelOutput.Values"/>; default 1, at least
    /// 1.</summary>
    public int ValueCount { get; init; } = 1;

    /// <summary>Feature maps of the first convolution; default 6.</summary>
    public int Conv1Channels { get; init; } = 6;

    /// <summary>Feature maps of the second convolution; default 16.</summary>
    public int Conv2Channels { get; init; } = 16;

    /// <summary>Side of both convolutions' square kernels in pixels; default 5.</summary>
    public int KernelSize { get; init; } = 5;

    /// <summary>Units of the first fully connected layer; default 120.</summary>
    public int Fc1Size { get; init; } = 120;

    /// <summary>Units of the second fully connected layer; default 84.</summary>
    public int Fc2Size { get; init; } = 84;

    /// <summary>The function after each convolution and each hidden layer; default
    /// <see cref="ActivationFunction.ReLU"/>.</summary>
    public ActivationFunction Activation { get; init; } = ActivationFunction.ReLU;

    /// <summary>How 2×2 blocks become one value; default <see cref="PoolingMode.Max"/>.</summary>
    public PoolingMode Pooling { get; init; } = PoolingMode.Max;

    /// <summary>
    /// Seed of the initial weights; default null, which draws them from PyTorch's global generator. With a seed the weights are
    /// the same each time, and the global generator is left as it was.
    /// </summary>
    public long? Seed { get; init; }

    /// <summary>The default sizes with channels, image size and classes of a data set.</summary>
    /// <param name="data">The data set.</param>
    public static LeNetOptions For(ImageDatasets data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new LeNetOptions
        {
            InputChannels = data.Channels,
            ImageHeight = data.Height,
            ImageWidth = data.Width,
            ClassCount = data.ClassNames.Count,
        };
    }

    /// <summary>Size of the last layer.</summary>
    internal int OutputCount => OutputSize.Of(Output, ClassCount, ValueCount);

    /// <summary>Height of the second pooling's output.</summary>
    internal int FinalHeight => FinalSide(ImageHeight);

    /// <summary>Width of the second pooling's output.</summary>
    internal int FinalWidth => FinalSide(ImageWidth);

    internal void Validate() =>
        new OptionFaults(nameof(LeNetOptions))
            .AtLeast(1, nameof(InputChannels), InputChannels)
            .Require(KernelSize < 1 || FinalHeight >= 1, nameof(ImageHeight), NeededSide, ImageHeight)
            .Require(KernelSize < 1 || FinalWidth >= 1, nameof(ImageWidth), NeededSide, ImageWidth)
            .Outputs(Output, ClassCount, ValueCount)
            .AtLeast(1, nameof(Conv1Channels), Conv1Channels)
            .AtLeast(1, nameof(Conv2Channels), Conv2Channels)
            .AtLeast(1, nameof(KernelSize), KernelSize)
            .AtLeast(1, nameof(Fc1Size), Fc1Size)
            .AtLeast(1, nameof(Fc2Size), Fc2Size)
            .Require(Enum.IsDefined(Activation), nameof(Activation), "ReLU or Tanh", Activation)
            .Require(Enum.IsDefined(Pooling), nameof(Pooling), "Max or Average", Pooling)
            .ThrowIfAny();

    // The smallest side that leaves one pixel after convolution, pooling, convolution, pooling.
    private string NeededSide =>
        $"at least {(3 * KernelSize) + 1} pixels for two {KernelSize}×{KernelSize} convolutions with 2×2 pooling";

    private int FinalSide(int side) => (int)Math.Floor((Math.Floor((side - KernelSize + 1) / 2.0) - KernelSize + 1) / 2.0);
}
