using System.Globalization;
using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Models;

/// <summary>A multilayer perceptron: fully connected layers, each hidden one with an activation and, where asked for, dropout.
/// Made by <see cref="VisionModels.Mlp"/>.</summary>
/// <remarks>Parameters have the names that PyTorch's users give them: <c>fc1.weight</c>, <c>fc1.bias</c>, <c>fc2.weight</c> and
/// so on; the last layer has the highest number. Activations and dropouts are modules (<c>activation1</c>, <c>dropout1</c>),
/// so that hooks see them. Whoever builds the model disposes it.</remarks>
public sealed class Mlp : Module<Tensor, Tensor>, IConfiguredModel
{
    private readonly List<Module<Tensor, Tensor>> _layers = []; // in the order in which they run
    private readonly Linear _first;

    internal Mlp(MlpOptions options)
        : base(nameof(Mlp))
    {
        Options = options;
        long size = options.InputSize;
        int number = 0;
        foreach (int units in options.HiddenSizes)
        {
            Add("fc", ++number, Linear(size, units));
            Add("activation", number, options.Activation == ActivationFunction.ReLU ? ReLU() : Tanh());
            if (options.Dropout > 0)
            {
                Add("dropout", number, Dropout(options.Dropout));
            }

            size = units;
        }

        Add("fc", ++number, Linear(size, options.OutputCount));
        _first = (Linear)_layers[0];
    }

    /// <summary>The sizes the model was built with.</summary>
    public MlpOptions Options { get; }

    object IConfiguredModel.Options => Options;

    IReadOnlyList<long> IConfiguredModel.InputShape => [1, .. Options.InputShape.Select(size => (long)size)];

    ModelOutput IConfiguredModel.Output => Options.Output;

    /// <summary>Computes class scores (logits, before softmax), or the real outputs or label scores that the options ask
    /// for.</summary>
    /// <param name="input">Samples, <c>[batch, …]</c> of <see cref="MlpOptions.InputShape"/>, or flat
    /// <c>[batch, numbers]</c>; float32, normalised.</param>
    /// <returns>Outputs, <c>[batch, outputs]</c>, float32; they belong to the current dispose scope, else to the
    /// caller.</returns>
    /// <exception cref="ShapeMismatchException">The samples do not have the shape that the model was built for.</exception>
    /// <exception cref="ArgumentException">The samples have another dtype than the weights.</exception>
    public override Tensor forward(Tensor input)
    {
        CheckShape(input);
        InputDtype.Check(nameof(Mlp), [_first.weight], input);
        using var scope = NewDisposeScope();
        var hidden = input.flatten(1);
        foreach (var layer in _layers)
        {
            hidden = layer.call(hidden);
        }

        return hidden.MoveToOuterDisposeScope();
    }

    private void Add(string kind, int number, Module<Tensor, Tensor> layer)
    {
        register_module(kind + number.ToString(CultureInfo.InvariantCulture), layer);
        _layers.Add(layer);
    }

    private void CheckShape(Tensor input)
    {
        long[] sample = [.. Options.InputShape.Select(size => (long)size)];
        bool fits =
            input.dim() > 1
            && (input.shape.AsSpan(1).SequenceEqual(sample) || (input.dim() == 2 && input.size(1) == Options.InputSize));
        if (!fits)
        {
            throw new ShapeMismatchException(
                $"The Mlp expects samples of shape [batch, {string.Join(", ", sample)}] but received {Shape.Of(input)}. Build it "
                    + "with MlpOptions { InputShape } that fits the data, or reshape the samples."
            );
        }
    }
}
