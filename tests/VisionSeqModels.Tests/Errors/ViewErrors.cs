using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Models;
using VisionSeqModels.Tests.Visualization.Recurrent;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with pictures and views, by the ids of docs/errors.</summary>
internal static class ViewErrors
{
    private static LeNet Model => VisionModels.LeNet(new LeNetOptions { Seed = 1 });

    private static Tensor Image => zeros(1, 3, 32, 32);

    private static RecurrentClassifier Network =>
        SequenceModels.Rnn(
            new RecurrentOptions
            {
                InputSize = 4,
                HiddenSize = 4,
                ClassCount = 2,
                Seed = 1,
            }
        );

    private static IBatchSource Nothing => BatchSource.From("nothing", []);

    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("skia-missing", _ => throw SkiaLibrary.NotThere(new DllNotFoundException())),
            (
                "picture-png",
                folder =>
                {
                    File.WriteAllText(folder["a.png"], "text");
                    Picture.LoadPng(folder["a.png"]);
                }
            ),
            ("curves-empty", _ => Charts.LearningCurves(new Dictionary<string, TrainingHistory>())),
            ("chart-lines", _ => LineChart.Draw([Line("a", [1, 2], [1])])),
            ("scale-numbers", _ => ValueScale.Fixed(1.5, 0.5)),
            ("grid-empty", _ => ImageGrid.Draw([])),
            ("heat-map-empty", _ => HeatMap.Draw(new double[0, 3])),
            (
                "page-picture",
                folder =>
                {
                    File.WriteAllText(folder["a.png"], "a");
                    new ReportPage("t").Picture(folder["a.png"], "a");
                }
            ),
            ("tile-pixels", _ => ImageTile.OfPixels(zeros(2, 4, 4))),
            ("tile-range", _ => ImageTile.OfPixels(zeros(3, 4, 4) - 2.1)),
            ("tile-index", _ => ImageTile.Of(DataErrors.Images(4), 4)),
            ("tile-empty", _ => ImageTile.OfMap(new double[0, 3], ValueScale.Fixed(0, 1), ColorMap.Grey)),
            ("tile-opacity", _ => Tile(3).Overlay(Tile(3), 2)),
            ("confusion-class", _ => new ConfusionMatrix(new long[2, 2]).Precision(2)),
            ("scores-nan", _ => ConfusionMatrix.Measure(nn.Identity(), Sequences(zeros(1, 3) / 0, tensor(new long[] { 1 })))),
            (
                "view-output",
                _ => ConfusionMatrix.Measure(VisionModels.LeNet(new LeNetOptions { Output = ModelOutput.Values }), Nothing)
            ),
            (
                "view-each-step",
                _ =>
                    PrefixAccuracy.Measure(
                        SequenceModels.Gru(new RecurrentOptions { Readout = SequenceReadout.EachStep }),
                        Nothing
                    )
            ),
            ("tile-colours", _ => ImageTile.OfColors(new double[2, 3, 3], ValueScale.Fixed(0, 1))),
            ("tile-overlay", _ => Tile(3).Overlay(Tile(4))),
            ("filters-layer", _ => FilterGrid.Draw(Model, "conv9")),
            ("filters-shape", _ => FilterGrid.Draw(zeros(3, 3))),
            ("histograms-parameters", _ => ParameterHistograms.Measure(nn.ReLU())),
            (
                "histograms-gradients",
                _ => ParameterHistograms.Measure(Model, new ParameterHistogramsOptions { Gradients = true })
            ),
            (
                "errors-none",
                _ =>
                    new ConfidentErrors
                    {
                        Source = "images",
                        SampleCount = 1,
                        ErrorCount = 0,
                        Errors = [],
                    }.Draw(DataErrors.Images(4))
            ),
            ("statistics-json", _ => ActivationStatistics.FromJson("null")),
            ("view-empty", _ => ActivationStatistics.Measure(Model, Nothing)),
            ("confusion-scores", _ => ConfusionMatrix.Measure(nn.Identity(), Sequences(zeros(2, 3, 4), zeros(2, 1)))),
            ("confusion-labels", _ => ConfusionMatrix.Measure(nn.Identity(), Sequences(zeros(1, 3), tensor(new long[] { 7 })))),
            ("layers-none", _ => ActivationStatistics.Measure(TinyModel.Create(), new TinyData(16))),
            (
                "layer-name",
                _ =>
                    ActivationStatistics.Measure(
                        Model,
                        DataErrors.Images(32),
                        new ActivationStatisticsOptions { Layers = ["conv9"] }
                    )
            ),
            ("trace-input", _ => RecurrentTrace.Measure(Network, zeros(2, 3, 4))),
            ("trace-gates", _ => RecurrentTrace.Measure(Network, zeros(1, 3, 4)).DrawGates()),
            ("flow-empty", _ => GradientFlow.Measure(Network, Nothing)),
            ("flow-graph", _ => GradientFlow.Measure(new DetachedStates(), DetachedStates.Data)),
            ("unroll-module", _ => UnrolledLayers.Of(nn.ReLU(), zeros(1, 2, 3))),
            ("prefix-empty", _ => PrefixAccuracy.Measure(Network, Nothing)),
            (
                "prefix-steps",
                _ =>
                    PrefixAccuracy.Measure(
                        SequenceModels.Rnn(
                            new RecurrentOptions
                            {
                                InputSize = 4,
                                HiddenSize = 4,
                                Seed = 1,
                            }
                        ),
                        DataErrors.Images(4),
                        new PrefixAccuracyOptions { Steps = [9] }
                    )
            ),
            ("attribution-images", _ => Attribution.Saliency(Model, zeros(3, 32, 32))),
            ("attribution-classes", _ => Attribution.Saliency(Model, Image, new AttributionOptions { Targets = [99] })),
            ("attribution-scores", _ => Attribution.Saliency(nn.Sequential(nn.Conv2d(3, 2, 3)), Image)),
            (
                "attribution-baseline",
                _ => Attribution.IntegratedGradients(Model, Image, new() { Baseline = zeros(1, 3, 16, 16) })
            ),
            (
                "activations-map",
                _ =>
                    TopActivations
                        .Measure(nn.Sequential(("conv", nn.Conv2d(1, 2, 3)), ("relu", nn.ReLU())), DataErrors.Images(8))
                        .Draw(DataErrors.Images(8), [99])
            ),
            ("attribution-dtype", _ => Attribution.Saliency(Model, zeros([1, 3, 32, 32], dtype: ScalarType.Byte))),
            ("attribution-objective", _ => Attribution.Saliency(Model, Image, new() { Objective = outputs => outputs })),
            ("shap-baselines", _ => Attribution.GradientShap(Model, Image, new() { Baselines = zeros(2, 3, 16, 16) })),
            (
                "deeplift-uncovered",
                _ => Attribution.DeepLift(nn.Sequential(("flat", nn.Flatten()), ("softmax", nn.Softmax(1))), Image)
            ),
            ("lrp-uncovered", _ => Attribution.Lrp(nn.Sequential(("flat", nn.Flatten()), ("softmax", nn.Softmax(1))), Image)),
            ("maps-images", _ => InsertionDeletion.Measure(Model, zeros(2, 3, 32, 32), Attribution.Saliency(Model, Image))),
            (
                "maps-objective",
                _ =>
                    Infidelity.Measure(
                        Model,
                        Image,
                        Attribution.Saliency(Model, Image, new() { Objective = outputs => outputs.sum(1) })
                    )
            ),
            (
                "attribution-no-relu",
                _ =>
                    Attribution.GuidedBackpropagation(
                        VisionModels.LeNet(new LeNetOptions { Activation = ActivationFunction.Tanh }),
                        Image
                    )
            ),
            ("cam-no-maps", _ => ClassActivationMaps.GradCam(nn.Sequential(nn.Flatten(), nn.Linear(3072, 2)), Image)),
            ("cam-layer", _ => ClassActivationMaps.GradCam(Model, Image, new() { Layer = "fc1" })),
            ("module-not-run", _ => ClassActivationMaps.GradCam(new Idle(), Image, new() { Layer = "idle" })),
            ("deconvnet-image", _ => Deconvnet.Measure(Model, zeros(2, 3, 32, 32))),
            (
                "deconvnet-tanh",
                _ =>
                    Deconvnet.Measure(
                        VisionModels.LeNet(new LeNetOptions { Activation = ActivationFunction.Tanh }),
                        Image,
                        new() { Layer = "conv2" }
                    )
            ),
            (
                "deconvnet-no-relu",
                _ =>
                    Deconvnet.Measure(
                        nn.Sequential(("a", nn.Conv2d(3, 2, 3)), ("b", nn.Conv2d(2, 2, 3))),
                        Image,
                        new() { Layer = "b" }
                    )
            ),
            ("deconvnet-layer", _ => Deconvnet.Measure(Model, Image, new() { Layer = "fc1" })),
            ("layer-not-reached", _ => ClassActivationMaps.GradCam(new Aside(), Image, new() { Layer = "aside" })),
            (
                "layer-alias",
                _ =>
                {
                    var relu = nn.ReLU();
                    var model = nn.Sequential(("conv", nn.Conv2d(3, 2, 3)), ("a", relu), ("b", relu));
                    ActivationStatistics.Measure(model, Sequences(Image, zeros(1)), new() { Layers = ["b"] });
                }
            ),
            ("layer-calls", _ => ClassActivationMaps.GradCam(Model, Image, new() { Layer = "conv1#2" })),
            ("input-not-reached", _ => Attribution.Saliency(new Detached(), Image)),
            (
                "maximization-not-reached",
                _ => ActivationMaximization.Measure(new Detached(), [1, 3, 32, 32], new() { Target = 1 })
            ),
            (
                "maximization-map",
                _ => ActivationMaximization.Measure(Model, [1, 3, 32, 32], new() { Layer = "conv1", Target = 99 })
            ),
            ("deconvnet-not-reached", _ => Deconvnet.Measure(new Detached(), Image, new() { Layer = "conv" })),
            ("occlusion-image", _ => OcclusionSensitivity.Measure(Model, zeros(2, 3, 32, 32))),
            ("occlusion-layer", _ => OcclusionSensitivity.Measure(Model, Image, new() { Layer = "fc1" })),
            ("invariance-images", _ => InvarianceCurves.Measure(Model, Sequences(zeros(2, 3, 4), zeros(2)))),
            ("invariance-labels", _ => InvarianceCurves.Measure(Model, Sequences(Image, tensor(new long[] { 99 })))),
            ("errors-scores", _ => ConfidentErrors.Measure(nn.Identity(), Sequences(zeros(2, 3, 4), zeros(2)))),
            ("randomization-layers", _ => RandomizationCheck.Measure(nn.Sequential(nn.Flatten()), zeros(1, 1, 2, 2))),
            ("invariance-layers", _ => InvarianceCurves.Measure(nn.Sequential(nn.Flatten()), DataErrors.Images(32))),
        ];

    private static IBatchSource Sequences(Tensor inputs, Tensor targets) =>
        BatchSource.From("sequences", [new Batch(inputs, targets)]);

    private static LineSeries Line(string name, double[] x, double[] y) =>
        new()
        {
            Name = name,
            X = x,
            Y = y,
        };

    private static ImageTile Tile(int side) => ImageTile.OfPixels(zeros(3, side, side, dtype: ScalarType.Byte));

    /// <summary>Has a module that it does not run.</summary>
    private sealed class Idle : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE0052, CA1823 // found by RegisterComponents
        private readonly nn.Module<Tensor, Tensor> idle = nn.Conv2d(3, 2, 3);
#pragma warning restore IDE0052, CA1823
        private readonly nn.Module<Tensor, Tensor> run = nn.Sequential(nn.Flatten(), nn.Linear(3072, 2));

        public Idle()
            : base(nameof(Idle)) => RegisterComponents();

        public override Tensor forward(Tensor input) => run.call(input);
    }

    /// <summary>Runs a convolution that its scores do not come from.</summary>
    private sealed class Aside : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> aside = nn.Conv2d(3, 2, 3);
        private readonly nn.Module<Tensor, Tensor> conv = nn.Conv2d(3, 2, 3);

        public Aside()
            : base(nameof(Aside)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            aside.call(input);
            return conv.call(input).mean([2, 3]);
        }
    }

    /// <summary>Takes its input out of the graph.</summary>
    private sealed class Detached : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> conv = nn.Conv2d(3, 2, 3);

        public Detached()
            : base(nameof(Detached)) => RegisterComponents();

        public override Tensor forward(Tensor input) => conv.call(input.detach()).mean([2, 3]);
    }
}
