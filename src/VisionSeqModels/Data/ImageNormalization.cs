using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Turns bytes 0..255 into inputs of a network: <c>(pixel / 255 − mean) / standard deviation</c>, by
/// channel.</summary>
public sealed record ImageNormalization
{
    /// <summary>The mean of each channel, where pixels are 0..1.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>The standard deviation of each channel, where pixels are 0..1; above 0.</summary>
    public required IReadOnlyList<double> StandardDeviation { get; init; }

    /// <summary>CIFAR-10's training images: mean (0.4914, 0.4822, 0.4465), standard deviation (0.2470, 0.2435, 0.2616).</summary>
    public static ImageNormalization Cifar10 { get; } =
        new() { Mean = [0.4914, 0.4822, 0.4465], StandardDeviation = [0.2470, 0.2435, 0.2616] };

    /// <summary>MNIST's training images: mean 0.1307, standard deviation 0.3081.</summary>
    public static ImageNormalization Mnist { get; } = new() { Mean = [0.1307], StandardDeviation = [0.3081] };

    /// <summary>Fashion-MNIST's training images: mean 0.2860, standard deviation 0.3530.</summary>
    public static ImageNormalization FashionMnist { get; } = new() { Mean = [0.2860], StandardDeviation = [0.3530] };

    /// <summary>From 0..255 to −1..1 in every channel.</summary>
    /// <param name="channels">How many channels the images have.</param>
    public static ImageNormalization Centered(int channels) =>
        new() { Mean = [.. Enumerable.Repeat(0.5, channels)], StandardDeviation = [.. Enumerable.Repeat(0.5, channels)] };

    internal IReadOnlyList<string> Faults(long channels) =>
        new OptionFaults(nameof(ImageNormalization))
            .Require(
                Mean?.Count == channels && Mean.All(double.IsFinite),
                nameof(Mean),
                $"one finite number for each of the {channels} channels",
                OptionFaults.Text(Mean)
            )
            .Require(
                StandardDeviation?.Count == channels && StandardDeviation.All(value => double.IsFinite(value) && value > 0),
                nameof(StandardDeviation),
                $"one finite number above 0 for each of the {channels} channels",
                OptionFaults.Text(StandardDeviation)
            )
            .All;

    /// <summary>The normalisation as a factor and a summand for each channel.</summary>
    internal (float[] Scale, float[] Offset) Numbers() =>
        (
            [.. StandardDeviation.Select(deviation => (float)(1 / (255 * deviation)))],
            [.. Mean.Zip(StandardDeviation, (mean, deviation) => (float)(-mean / deviation))]
        );

    /// <summary>The same as tensors <c>[1, channels, 1, 1]</c>; the caller disposes them.</summary>
    internal (Tensor Scale, Tensor Offset) Tensors(Device device)
    {
        var (scale, offset) = Numbers();
        using var scope = NewDisposeScope();
        return (
            tensor(scale, device: device).reshape(1, -1, 1, 1).DetachFromDisposeScope(),
            tensor(offset, device: device).reshape(1, -1, 1, 1).DetachFromDisposeScope()
        );
    }
}
