using VisionSeqModels.Data;
using VisionSeqModels.Tests.Visualization.Attribution;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>Every view that takes a model of images, by name, with few steps: the numbers that it gives.</summary>
internal static class ZooViews
{
    private static readonly string[] OfOutputs =
    [
        "saliency",
        "input × gradient",
        "SmoothGrad",
        "integrated gradients",
        "GradientSHAP",
        "maximal input",
        "confusion matrix",
        "confident errors",
        "infidelity",
        "max-sensitivity",
        "insertion and deletion",
        "saliency of an objective",
    ];

    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>, Tensor, IEnumerable<double>>> Others = new(
        StringComparer.Ordinal
    )
    {
        ["saliency of an objective"] = (model, images) =>
            Numbers(Attribution.Saliency(model, images, new() { Objective = outputs => outputs.square().sum(1) })),
        ["Grad-CAM of every layer"] = EveryLayer,
        ["LRP, epsilon"] = (model, images) => Numbers(Attribution.Lrp(model, images, Lrp(LrpRule.Epsilon))),
        ["LRP, gamma"] = (model, images) => Numbers(Attribution.Lrp(model, images, Lrp(LrpRule.Gamma))),
        ["occlusion"] = (model, images) =>
        {
            var found = OcclusionSensitivity.Measure(model, images.narrow(0, 0, 1), new() { Size = 4, Stride = 3 });
            return [found.Target, .. found.Probabilities.SelectMany(row => row), .. found.MapActivations.SelectMany(row => row)];
        },
        ["maximal input"] = (model, images) =>
            Numbers([ActivationMaximization.Measure(model, [1, .. images.shape[1..]], new() { StepCount = 3 })]),
        ["maximal input of a map"] = (model, images) =>
            Numbers([
                ActivationMaximization.Measure(
                    model,
                    [1, .. images.shape[1..]],
                    new() { StepCount = 3, Layer = ClassActivationMaps.LastMapLayer(model, images) }
                ),
            ]),
        ["randomization check"] = (model, images) => RandomizationCheck.Measure(model, images).RankCorrelations,
        ["infidelity"] = (model, images) => Infidelity.Measure(model, images, Maps(images), new() { SampleCount = 5 }).Values,
        ["max-sensitivity"] = (model, images) => MaxSensitivity.Measure(model, images, new() { SampleCount = 2 }).Distances,
        ["insertion and deletion"] = (model, images) =>
        {
            var found = InsertionDeletion.Measure(model, images, Maps(images), new() { StepCount = 4 });
            return [.. found.Deletions.SelectMany(curve => curve), .. found.Insertions.SelectMany(curve => curve)];
        },
        ["Deconvnet"] = (model, images) => Numbers(Deconvnet.Measure(model, images.narrow(0, 0, 1)).Maps),
        ["top activations"] = (model, _) =>
        {
            using var data = Pixels();
            return Numbers(TopActivations.Measure(model, data, new() { MaximumCount = 2 }).Maps.SelectMany(map => map));
        },
        ["invariance"] = (model, images) =>
        {
            var found = InvarianceCurves.Measure(model, Data(images), new() { Amounts = [0, 1] });
            return [.. found.Probabilities, .. found.Distances.Values.SelectMany(values => values)];
        },
        ["activation statistics"] = (model, images) =>
            ActivationStatistics.Measure(model, Data(images)).Layers.SelectMany(layer => Numbers(layer)),
        ["confusion matrix"] = (model, images) =>
        {
            var found = ConfusionMatrix.Measure(model, Data(images));
            return found.Normalized(ConfusionMatrixNormalization.All).Cast<double>();
        },
        ["confident errors"] = (model, images) =>
            ConfidentErrors.Measure(model, Data(images)).Errors.SelectMany(error => new[] { error.Index, error.Probability }),
        ["filter strength"] = (model, _) => FilterStrength.Measure(model).Layers.Values.SelectMany(values => values),
        ["parameter histograms"] = (model, _) =>
            ParameterHistograms.Measure(model).Parameters.Select(parameter => parameter.Mean),
        ["filter grid"] = (model, _) => [FilterGrid.Draw(model, Convolution(model)).Width],
        ["summary"] = (model, images) =>
            model.Summary(images.shape).Layers.SelectMany(layer => new double[] { layer.CallCount, layer.MultiplyAdds ?? -1 }),
    };

    public static IEnumerable<string> Names => [.. AllMethods.All, .. Others.Keys];

    /// <summary>Whether a view says the same of any module that gives the same outputs.</summary>
    public static bool LooksAtOutputsAlone(string view) => OfOutputs.Contains(view, StringComparer.Ordinal);

    public static IEnumerable<double> Run(string view, nn.Module<Tensor, Tensor> model, Tensor images) =>
        Others.TryGetValue(view, out var run) ? run(model, images) : Numbers(AllMethods.Run(view, model, images));

    /// <summary>Layers that are not on the way to the scores are refused; each of the others gives its map.</summary>
    private static List<double> EveryLayer(nn.Module<Tensor, Tensor> model, Tensor images)
    {
        var numbers = new List<double>();
        foreach (var (name, _) in model.named_modules().Where(entry => entry.name.Length > 0))
        {
            try
            {
                numbers.AddRange(Numbers(ClassActivationMaps.GradCam(model, images, new() { Layer = name })));
            }
            catch (Exception e)
                when (e is ArgumentException or InvalidOperationException
                    && e.Message.Contains($"'{name}'", StringComparison.Ordinal)
                )
            {
                // the sentence is about this layer: the others are tried
            }
        }

        return numbers;
    }

    private static LrpOptions Lrp(LrpRule rule) => new() { ConvolutionRule = rule, LinearRule = rule };

    private static IEnumerable<double> Numbers(IEnumerable<AttributionMap> maps) =>
        maps.SelectMany(map => map.Values.Select(value => (double)value).Prepend(map.Score));

    private static IEnumerable<double> Numbers(IEnumerable<FeatureProjection> maps) =>
        maps.SelectMany(map => map.Values.Select(value => (double)value).Prepend(map.Activation));

    private static double[] Numbers(LayerStatistics layer) => [layer.All.Mean, layer.All.StandardDeviation, layer.All.Maximum];

    private static string Convolution(nn.Module model) =>
        model.named_modules().First(entry => entry.module is TorchSharp.Modules.Conv2d).name;

    /// <summary>Maps that have nothing to do with a model.</summary>
    private static List<AttributionMap> Maps(Tensor images) =>
        [
            .. Enumerable
                .Range(0, (int)images.size(0))
                .Select(i => new AttributionMap
                {
                    Method = "any",
                    Target = 0,
                    Score = 0,
                    Shape = [1, 10, 10],
                    Values = [.. Enumerable.Range(0, 100).Select(pixel => (float)Math.Sin(pixel * (i + 1)))],
                }),
        ];

    private static IBatchSource Data(Tensor images) =>
        BatchSource.From("zoo", [new Batch(images, zeros(images.size(0), dtype: ScalarType.Int64))]);

    private static ImageDataset Pixels()
    {
        using var scope = NewDisposeScope();
        return new ImageDataset(
            "pixels",
            randint(0, 256, [6, 3, 10, 10], ScalarType.Byte, generator: new Generator(2)),
            zeros(6, dtype: ScalarType.Int64),
            ["only"]
        );
    }
}
