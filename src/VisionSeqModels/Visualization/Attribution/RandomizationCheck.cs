using System.Globalization;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Whether an attribution method explains the model or the image: its maps are compared with those after the
/// weights were made random, layer by layer from the top. Adebayo et al., "Sanity checks for saliency maps"
/// (2018).</summary>
/// <remarks>A method whose maps stay alike (a rank correlation near 1) when the layers it goes through are random shows the
/// image's edges, not what the model learned. Guided backpropagation and the Deconvnet's rule are known to do so.</remarks>
public sealed record RandomizationCheck
{
    /// <summary>The name of the method that was checked.</summary>
    public required string Method { get; init; }

    /// <summary>The names of the layers that were made random one after another, the last layer of the model
    /// first.</summary>
    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>For each of these layers the mean rank correlation over the images when it and all above it are random: 1
    /// for the same order of pixels, 0 for none in common.</summary>
    public required IReadOnlyList<double> RankCorrelations { get; init; }

    /// <summary>Makes the layers random one after another, the last first, and compares maps by the rank correlation of
    /// their magnitudes.</summary>
    /// <param name="model">The model; its weights are afterwards as before, bit for bit.</param>
    /// <param name="images">The images, as for <see cref="Attribution"/>.</param>
    /// <param name="options">Which method, seed; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between layers, and by the method.</param>
    /// <exception cref="ArgumentException">The images or scores do not have the shapes that the method asks for.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the weights are as before.</exception>
    public static RandomizationCheck Measure(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        RandomizationCheckOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new RandomizationCheckOptions();
        options.Validate();
        using var state = new ModelStateScope(model);
        using var generator = new Generator(SplitMix.Mix((ulong)options.Seed));
        var ofMethod = new AttributionOptions { BatchSize = options.BatchSize, Objective = options.Objective };
        var trained = options.Method(model, images, ofMethod, cancellationToken);
        ofMethod = trained.All(map => map.Target >= 0)
            ? ofMethod with
            {
                Targets = [.. trained.Select(map => map.Target)],
            }
            : ofMethod; // the method explains an objective of its own
        var layers = Weighted(model, images);
        if (layers.Count == 0)
        {
            throw new ArgumentException(
                $"The model {model.GetName()} ran no module with weights of its own, so there is nothing to make random.",
                nameof(model)
            );
        }

        var correlations = new List<double>();
        foreach (var (_, module) in layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Shuffle(module, generator);
            double sum = trained
                .Zip(
                    options.Method(model, images, ofMethod, cancellationToken),
                    (a, b) => RankCorrelation(Magnitudes(a), Magnitudes(b))
                )
                .Sum();
            correlations.Add(sum / trained.Count);
        }

        return new RandomizationCheck
        {
            Method = trained[0].Method,
            Layers = [.. layers.Select(entry => entry.Name)],
            RankCorrelations = correlations,
        };
    }

    /// <summary>Draws a row for each layer, the last layer of the model first, with its rank correlation.</summary>
    public Picture Draw() =>
        HeatMap.Draw(
            Tables.Fill(Layers.Count, 1, (layer, _) => RankCorrelations[layer]),
            new HeatMapOptions
            {
                Title = $"{Method}: maps after randomization",
                RowTitle = "random from the top down to",
                RowNames = Layers,
                ColumnNames = ["rank correlation"],
                Scale = ValueScale.Fixed(-1, 1),
                Map = ColorMap.Diverging,
                Meaning = "rank correlation with the trained model's maps",
                CellWidth = 120,
                CellHeight = 30,
                CellText = (layer, _) => RankCorrelations[layer].ToString("0.00", CultureInfo.InvariantCulture),
            }
        );

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);

    /// <summary>Spearman's rank correlation, equal values get their mean rank; 0 where one side is all equal.</summary>
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

    /// <summary>The modules with weights of their own, the one that ran last first.</summary>
    private static List<(string Name, nn.Module Module)> Weighted(nn.Module<Tensor, Tensor> model, Tensor images)
    {
        using var scope = NewDisposeScope();
        using var trace = ForwardTrace.OfOutputs(model, images.narrow(0, 0, 1));
        return
        [
            .. trace
                .Calls.Where(call => call.Module.parameters(recurse: false).Any())
                .Select(call => (call.Call.Layer, call.Module))
                .Reverse()
                .DistinctBy(entry => entry.Module),
        ];
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
