using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The layers of an <c>nn.RNN</c>, <c>nn.LSTM</c> or <c>nn.GRU</c>, unrolled over a batch of sequences.</summary>
/// <remarks>libtorch's fused operation returns the last layer's outputs alone: no gates, and no gradients of inner states.
/// This computes the same values from the weights, step by step, so it is slower. Dropout between layers is left out, as in
/// evaluation mode. The tensors belong to the dispose scope of the caller.</remarks>
public sealed record UnrolledLayers
{
    /// <summary>For each layer its steps in the order of time, <c>Layers[layer][step]</c>; of two directions the forward
    /// one's.</summary>
    public required IReadOnlyList<IReadOnlyList<RecurrentStep>> Layers { get; init; }

    /// <summary>The last layer's output at every step, <c>[batch, time, directions × units]</c>; 0 after a sequence's
    /// end.</summary>
    public required Tensor Outputs { get; init; }

    /// <summary>The final hidden state of each layer and direction, <c>[layers × directions, batch, units]</c>, in PyTorch's
    /// order.</summary>
    public required Tensor Final { get; init; }

    /// <summary>Unrolls a module.</summary>
    /// <param name="module">An <c>nn.RNN</c>, <c>nn.LSTM</c> or <c>nn.GRU</c> with any number of layers and directions, with
    /// or without biases.</param>
    /// <param name="sequence"><c>[batch, time, features]</c>, on the module's device, whatever the module's own order
    /// is.</param>
    /// <param name="nonlinearity">The function of an <c>nn.RNN</c>, which the module does not say; default
    /// <see cref="ActivationFunction.Tanh"/>.</param>
    /// <param name="lengths">How many steps of each sequence count, <c>[batch]</c>, int64; null (default) for all.</param>
    /// <exception cref="ArgumentException">The module is of another kind.</exception>
    public static UnrolledLayers Of(
        nn.Module module,
        Tensor sequence,
        ActivationFunction nonlinearity = ActivationFunction.Tanh,
        Tensor? lengths = null
    )
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(sequence);
        if (module is not (RNN or LSTM or GRU))
        {
            throw new ArgumentException(
                $"UnrolledLayers knows the steps of nn.RNN, nn.LSTM and nn.GRU, but received a {module.GetType().Name}. Write "
                    + "the steps of another module out in Unroll.",
                nameof(module)
            );
        }

        var weights = module
            .named_parameters()
            .ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter, StringComparer.Ordinal);
        var isStep = lengths is null ? null : StepMask.Of(lengths, sequence.size(1), sequence.device);
        return Run(new RecurrentUnroller(module, nonlinearity, weights, isStep), sequence);
    }

    private static UnrolledLayers Run(RecurrentUnroller unroller, Tensor sequence)
    {
        var layers = new List<IReadOnlyList<RecurrentStep>>();
        var final = new List<Tensor>();
        for (int layer = 0; unroller.Has($"l{layer}"); layer++)
        {
            var forward = unroller.Layer($"l{layer}", sequence, isReversed: false);
            layers.Add(forward);
            final.Add(forward[^1].Hidden);
            var outputs = unroller.Outputs(forward);
            if (unroller.Has($"l{layer}_reverse"))
            {
                var reverse = unroller.Layer($"l{layer}_reverse", sequence, isReversed: true);
                final.Add(reverse[0].Hidden);
                outputs = cat([outputs, unroller.Outputs(reverse)], 2);
            }

            sequence = outputs;
        }

        return new UnrolledLayers
        {
            Layers = layers,
            Outputs = sequence,
            Final = stack(final),
        };
    }
}
