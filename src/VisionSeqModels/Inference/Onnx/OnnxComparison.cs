using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Compares a graph with its model on the two inputs.</summary>
internal static class OnnxComparison
{
    // Of the largest output. Sums in another order differ by some 1e-6 on the CPU; a GPU may round factors to 10 bits.
    private const double OnCpu = 1e-4;
    private const double Elsewhere = 1e-2;

    /// <summary>What the model gives for each input, on the CPU.</summary>
    /// <exception cref="InvalidOperationException">The model cannot take such an input.</exception>
    public static IReadOnlyList<Tensor> Run(nn.Module<Tensor, Tensor> model, OnnxInputs inputs) =>
        [.. inputs.Raw.Select((raw, index) => Run(model, OnnxEnds.Begin(inputs, raw), inputs.Lengths?[index]).cpu())];

    /// <exception cref="InvalidOperationException">The graph gives something else than the model.</exception>
    public static void Check(nn.Module model, IReadOnlyList<Tensor> expected, OnnxValue output)
    {
        double limit = ModelDevice.Of(model).type == DeviceType.CPU ? OnCpu : Elsewhere;
        for (int index = 0; index < expected.Count; index++)
        {
            var (wanted, given) = (expected[index], output.Probes[index]);
            if (!wanted.shape.SequenceEqual(given.shape))
            {
                throw Differs(model, $"the model gives {Shape.Of(wanted)}, the graph {Shape.Of(given)}");
            }

            var same = wanted.eq(given).logical_or(wanted.isnan().logical_and(given.isnan()));
            double largest = Largest(where(wanted.isfinite(), wanted, zeros_like(wanted)));
            double difference = Largest(where(same, zeros_like(given), wanted - given));
            if (!(difference <= limit * Math.Max(largest, 1e-6)))
            {
                throw Differs(
                    model,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"they differ by up to {difference:g3}, where the largest is {largest:g3}"
                    )
                );
            }
        }
    }

    private static Tensor Run(nn.Module<Tensor, Tensor> model, Tensor input, Tensor? lengths)
    {
        var taken = ModelInput.Of(model, input);
        try
        {
            return lengths is null ? model.call(taken) : ((ISequenceModel)model).forward(taken, lengths);
        }
        catch (Exception e) when (e is ExternalException || e.Source == "TorchSharp")
        {
            throw new InvalidOperationException(
                $"'{OnnxPlaces.NameOf(model)}' cannot take an input of shape {Shape.Of(input)}: {Reason(e)}. Give the "
                    + "shape of one sample, without its batch, as OnnxOptions.InputShape.",
                e
            );
        }
    }

    private static string Reason(Exception e) => LibtorchError.Of(e).TrimEnd('.');

    private static double Largest(Tensor values) =>
        values.numel() == 0 ? 0 : values.to_type(ScalarType.Float64).abs().max().item<double>();

    private static InvalidOperationException Differs(nn.Module model, string how) =>
        new(
            $"The ONNX graph of '{OnnxPlaces.NameOf(model)}' gives other outputs than the model: {how}. A converter "
                + "computes something else than its module, or a hook changes a module's output. Nothing was written."
        );
}
