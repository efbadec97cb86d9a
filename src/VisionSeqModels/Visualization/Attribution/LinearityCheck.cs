using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Finds modules and operations outside modules, on the way to a model's output, that are not linear and have no rule:
/// by what they do to one image with noise.</summary>
/// <remarks>The noise is there so that an image of zeros, or one that is its own reference, shows something too.
/// Each module's output begins a graph of its own, so that the gradient of what a module took reaches back to the
/// outputs it was made of, and no further. A linear operation's values are its gradient times what it took.</remarks>
internal static class LinearityCheck
{
    private const double Tolerance = 3e-5; // of the sum of all products' magnitudes, in float32

    private const double Noise = 0.5; // in the numbers of normalised images

    /// <summary>Up to a constant: differences of a first from a second sample are the gradient times differences.</summary>
    public static (int Covered, IReadOnlyList<string> Missed) Affine(
        nn.Module<Tensor, Tensor> model,
        Tensor pair,
        Func<nn.Module, bool> covers
    ) =>
        Check(
            model,
            pair,
            covers,
            values => values.narrow(0, 0, values.size(0) / 2) - values.narrow(0, values.size(0) / 2, values.size(0) / 2)
        );

    /// <summary>Without a constant: values are the gradient times values.</summary>
    public static (int Covered, IReadOnlyList<string> Missed) Homogeneous(
        nn.Module<Tensor, Tensor> model,
        Tensor image,
        Func<nn.Module, bool> covers
    ) => Check(model, image, covers, values => values);

    private static (int Covered, IReadOnlyList<string> Missed) Check(
        nn.Module<Tensor, Tensor> model,
        Tensor samples,
        Func<nn.Module, bool> covers,
        Func<Tensor, Tensor> span
    )
    {
        using var scope = NewDisposeScope();
        var bent = new HashSet<ModuleCall>();
        using var generator = new Generator(0);
        var noise = randn(samples.shape[1..], generator: generator).to_type(samples.dtype).to(samples.device) * Noise;
        samples = cat([samples.narrow(0, 0, 1) + noise, samples.narrow(0, 1, samples.size(0) - 1)]);
        using var trace = ForwardTrace.Run(
            model,
            samples,
            (call, input, output) =>
            {
                if (call.IsLeaf && !covers(call.Module) && !IsLinear(output, span, input).Linear)
                {
                    bent.Add(call);
                }

                return call.IsLeaf ? output.detach() : output;
            }
        );
        var leaves = trace.Calls.Where(call => call.Call.IsLeaf).ToList();
        var reached = new HashSet<TracedCall>();
        var missed = new List<string>();
        for (int i = leaves.Count; i >= 0; i--)
        {
            if (i < leaves.Count && !reached.Contains(leaves[i]))
            {
                continue;
            }

            if (i < leaves.Count && bent.Contains(leaves[i].Call))
            {
                missed.Add($"{leaves[i].Name} ({leaves[i].Module.GetName()})");
            }

            var sources = leaves[..i];
            var (linear, used) = IsLinear(
                i < leaves.Count ? leaves[i].Input : trace.Output,
                span,
                [trace.Input, .. sources.Select(call => call.Output)]
            );
            reached.UnionWith(sources.Where((_, place) => used[place + 1]));
            if (!linear)
            {
                missed.Add($"operations outside modules {(i < leaves.Count ? $"before {leaves[i].Name}" : "at the end")}");
            }
        }

        missed.Reverse();
        return (reached.Count(call => covers(call.Module)), missed);
    }

    /// <summary>Whether a tensor is a linear function of others, and of which.</summary>
    private static (bool Linear, bool[] Used) IsLinear(Tensor taken, Func<Tensor, Tensor> span, params Tensor[] sources)
    {
        using var scope = NewDisposeScope();
        var whole = span(taken.detach());
        var weights = cos(Arithmetic.Arange(whole.numel(), ScalarType.Float32, whole.device) * 1.7)
            .Plus(Scalars.Half)
            .to_type(taken.dtype)
            .reshape(whole.shape);
        var seed = zeros_like(taken);
        seed.narrow(0, 0, whole.size(0)).copy_(weights);
        var gradients = SafeGradients.Of(taken, seed, sources);
        double left = Sum(weights * whole),
            right = 0,
            size = Sum((weights * whole).abs());
        for (int i = 0; i < sources.Length; i++)
        {
            if (gradients[i] is Tensor gradient)
            {
                var source = span(sources[i].detach());
                var products = gradient.narrow(0, 0, source.size(0)) * source;
                right += Sum(products);
                size += Sum(products.abs());
            }
        }

        return (!(Math.Abs(left - right) > Tolerance * size), [.. gradients.Select(gradient => gradient is not null)]);
    }

    private static double Sum(Tensor values) => values.to_type(ScalarType.Float64).sum().item<double>();
}
