using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Whether an attribution method explains the model or the image: its maps are compared with those after the
/// weights were made random, layer by layer from the top. Adebayo et al., "Sanity checks for saliency maps"
/// (2018).</summary>
/// <remarks>A method whose maps stay alike (a rank correlation near 1) when the layers it goes through are random shows the
/// image's edges, not what the model learned. Guided backpropagation and the Deconvnet's rule are known to do so.</remarks>
public static class RandomizationCheck
{
    /// <summary>Makes the layers random one after another, the last first, and compares maps by the rank correlation of
    /// their magnitudes.</summary>
    /// <param name="model">The model; its weights are afterwards as before, bit for bit.</param>
    /// <param name="images">The images, as for <see cref="Attribution"/>.</param>
    /// <param name="method">The method, for example <c>Attribution.Saliency</c>; its targets are those of the trained
    /// model.</param>
    /// <param name="seed">The seed of the random weights; libtorch's own generator is left alone.</param>
    /// <returns>For each layer, the last first, the mean rank correlation over the images when it and all above it are
    /// random: 1 for the same order of pixels, 0 for none in common.</returns>
    public static IReadOnlyList<(string Layer, double RankCorrelation)> Run(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        Func<nn.Module<Tensor, Tensor>, Tensor, AttributionOptions?, IReadOnlyList<AttributionMap>> method,
        long seed = 0
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(method);
        using var rehearsal = new ModelStateScope(model);
        using var generator = new Generator(SplitMix.Mix((ulong)seed));
        var trained = method(model, images, null);
        var options = new AttributionOptions { Targets = [.. trained.Select(map => map.Target)] };
        var results = new List<(string, double)>();
        foreach (
            var (name, module) in model.named_modules().Where(entry => entry.module.parameters(recurse: false).Any()).Reverse()
        )
        {
            Shuffle(module, generator);
            double sum = trained
                .Zip(method(model, images, options), (a, b) => RankCorrelation(Magnitudes(a), Magnitudes(b)))
                .Sum();
            results.Add((name, sum / trained.Count));
        }

        return results;
    }

    /// <summary>Spearman's rank correlation, equal values sharing their mean rank; 0 where one side is all equal.</summary>
    internal static double RankCorrelation(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[] a = Ranks(first),
            b = Ranks(second);
        double mean = (a.Length - 1) / 2.0;
        double product = a.Zip(b, (x, y) => (x - mean) * (y - mean)).Sum();
        double size = Math.Sqrt(a.Sum(x => (x - mean) * (x - mean)) * b.Sum(y => (y - mean) * (y - mean)));
        return size > 0 ? product / size : 0;
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        var ranks = new double[values.Count];
        for (int begin = 0, end; begin < order.Length; begin = end)
        {
            end = begin + 1;
            while (end < order.Length && values[order[end]] == values[order[begin]])
            {
                end++;
            }

            for (int i = begin; i < end; i++)
            {
                ranks[order[i]] = (begin + end - 1) / 2.0;
            }
        }

        return ranks;
    }

    /// <summary>The same weights in a random order: as large as before, and without any meaning.</summary>
    private static void Shuffle(nn.Module module, Generator generator)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in module.parameters(recurse: false))
        {
            var order = randperm(parameter.numel(), generator: generator).to(parameter.device);
            parameter.copy_(parameter.flatten().index_select(0, order).reshape(parameter.shape));
        }
    }

    private static double[] Magnitudes(AttributionMap map) => [.. map.MaximumMagnitude().Cast<double>()];
}
