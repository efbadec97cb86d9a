using VisionSeqModels.Core;
using VisionSeqModels.Models;

namespace VisionSeqModels;

/// <summary>The sizes of a multilayer perceptron; the defaults fit 28×28 grey images.</summary>
public sealed record MlpOptions
{
    /// <summary>The shape of a sample without its batch: <c>[1, 28, 28]</c> (default) for grey images, <c>[12]</c> for 12
    /// features. Every size at least 1.</summary>
    public IReadOnlyList<int> InputShape { get; init; } = [1, 28, 28];

    /// <summary>Units of each hidden layer, from the input on; default 256 and 128, each at least 1. Without any, the model is
    /// one linear layer.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [256, 128];

    /// <summary>The function after each hidden layer; default <see cref="ActivationFunction.ReLU"/>.</summary>
    public ActivationFunction Activation { get; init; } = ActivationFunction.ReLU;

    /// <summary>The fraction of each hidden layer's outputs that is dropped in training; default 0, below 1. Srivastava et al.,
    /// "Dropout: a simple way to prevent neural networks from overfitting" (2014).</summary>
    public double Dropout { get; init; }

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

    /// <summary>The default sizes with image shape and classes of a data set.</summary>
    /// <param name="data">The data set.</param>
    public static MlpOptions For(ImageDatasets data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new MlpOptions { InputShape = [data.Channels, data.Height, data.Width], ClassCount = data.ClassNames.Count };
    }

    /// <summary>Numbers in a sample.</summary>
    internal long InputSize => InputShape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Size of the last layer.</summary>
    internal int OutputCount => OutputSize.Of(Output, ClassCount, ValueCount);

    internal void Validate() =>
        new OptionFaults(nameof(MlpOptions))
            .Sizes(nameof(InputShape), InputShape)
            .Require(InputShape is not { Count: 0 }, nameof(InputShape), "one size or more", "empty")
            .Sizes(nameof(HiddenSizes), HiddenSizes)
            .Require(Enum.IsDefined(Activation), nameof(Activation), "ReLU or Tanh", Activation)
            .BelowOne(nameof(Dropout), Dropout)
            .Outputs(Output, ClassCount, ValueCount)
            .ThrowIfAny();
}
