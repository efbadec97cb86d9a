using VisionSeqModels.Models;

namespace VisionSeqModels;

/// <summary>Builds models for images.</summary>
public static class VisionModels
{
    /// <summary>Builds a LeNet with PyTorch's default initial weights.</summary>
    /// <param name="options">Sizes and seed; null for the defaults (32×32 colour images, 10 classes).</param>
    /// <returns>The model, on the CPU, float32, in training mode. The caller disposes it. It outlives any dispose scope that is
    /// open where it is built.</returns>
    /// <exception cref="InvalidOptionsException">Options out of range; the message names every one.</exception>
    public static LeNet LeNet(LeNetOptions? options = null)
    {
        options ??= new LeNetOptions();
        options.Validate();
        return ModelBuilder.Build(options.Seed, () => new LeNet(options));
    }

    /// <summary>Builds a multilayer perceptron with PyTorch's default initial weights.</summary>
    /// <param name="options">Sizes and seed; null for the defaults (28×28 grey images, 256 and 128 units, 10 classes).</param>
    /// <inheritdoc cref="LeNet"/>
    public static Mlp Mlp(MlpOptions? options = null)
    {
        options ??= new MlpOptions();
        options.Validate();
        return ModelBuilder.Build(options.Seed, () => new Mlp(options));
    }

    /// <summary>Builds a residual network with the initial weights of He et al., as torchvision draws them.</summary>
    /// <param name="options">Sizes and seed; null for the defaults (ResNet-20 for 32×32 colour images, 10 classes).</param>
    /// <inheritdoc cref="LeNet"/>
    public static ResNet ResNet(ResNetOptions? options = null)
    {
        options ??= new ResNetOptions();
        options.Validate();
        return ModelBuilder.Build(options.Seed, () => new ResNet(options));
    }
}
