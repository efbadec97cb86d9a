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
}
