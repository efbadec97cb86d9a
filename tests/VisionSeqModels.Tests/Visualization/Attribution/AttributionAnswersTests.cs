using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Visualization;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

#pragma warning disable IDE0065 // outside of the namespace, the namespace's own name comes first
using Attribution = VisionSeqModels.Visualization.Attribution;
#pragma warning restore IDE0065

/// <summary>Known answers computed by PyTorch 1.13 in float64, each rule written out layer by layer
/// (TestData/attribution/make_attributions.py).</summary>
[Collection("Torch")]
public sealed class AttributionAnswersTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Func<Case, IReadOnlyList<AttributionMap>>> Methods = new(StringComparer.Ordinal)
    {
        ["grad_cam"] = c => ClassActivationMaps.GradCam(c.Model, c.Images, c.Maps),
        ["grad_cam_plus_plus"] = c => ClassActivationMaps.GradCamPlusPlus(c.Model, c.Images, c.Maps),
        ["layer_cam"] = c => ClassActivationMaps.LayerCam(c.Model, c.Images, c.Maps),
        ["eigen_cam"] = c => ClassActivationMaps.EigenCam(c.Model, c.Images, c.Maps),
        ["score_cam"] = c => ClassActivationMaps.ScoreCam(c.Model, c.Images, c.Maps),
        ["integrated_gradients"] = c =>
            Attribution.IntegratedGradients(
                c.Model,
                c.Images,
                new()
                {
                    Targets = c.Targets,
                    BatchSize = c.Size,
                    Baseline = c["baseline"],
                }
            ),
        ["gradient_shap"] = c =>
            Attribution.GradientShap(
                c.Model,
                c.Images,
                new()
                {
                    Targets = c.Targets,
                    BatchSize = c.Size,
                    Baselines = c["baselines"],
                    CopyCount = 6,
                    Noise = 0.1,
                    Seed = 5,
                }
            ),
        ["deep_lift"] = c =>
            Attribution.DeepLift(
                c.Model,
                c.Images,
                new()
                {
                    Targets = c.Targets,
                    BatchSize = c.Size,
                    Baseline = c["baseline"],
                }
            ),
        ["deep_lift_zeros"] = c => Attribution.DeepLift(c.Model, c.Images, new() { Targets = c.Targets, BatchSize = c.Size }),
        ["lrp_composite"] = c => Attribution.Lrp(c.Model, c.Images, c.Relevance),
        ["lrp_epsilon"] = c =>
            Attribution.Lrp(c.Model, c.Images, c.Relevance with { ConvolutionRule = LrpRule.Epsilon, Epsilon = 0.01 }),
        ["lrp_gamma"] = c =>
            Attribution.Lrp(
                c.Model,
                c.Images,
                c.Relevance with
                {
                    ConvolutionRule = LrpRule.Gamma,
                    LinearRule = LrpRule.Gamma,
                    Gamma = 0.5,
                }
            ),
        ["lrp_z_plus"] = c => Attribution.Lrp(c.Model, c.Images, c.Relevance with { LinearRule = LrpRule.ZPlus }),
    };

    public static TheoryData<string> Names => [.. Methods.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Method_GivesWhatPyTorchGives_InAnyBatch_InPlaceOrNot(string method)
    {
        using var scope = NewDisposeScope();
        using var answers = Read();
        double largest = 0;
        foreach (bool inPlace in new[] { false, true })
        {
            foreach (int size in new[] { 1, 2, 3 })
            {
                using var model = new ReferenceNet(answers, inPlace);
                var maps = Methods[method](new Case(model, answers, ScalarType.Float64, size));
                var values = AllMethods.Values(maps);
                TensorAssert.Close(answers.Tensors[method], values, 1e-5, $"{method}, in place: {inPlace}, batch {size}");
                largest = Math.Max(largest, Distance(answers.Tensors[method], values));
                Assert.All(maps, map => Assert.Null(map.Warning));
            }
        }

        using var single = new ReferenceNet(answers, inPlace: false, ScalarType.Float32);
        var rough = AllMethods.Values(Methods[method](new Case(single, answers, ScalarType.Float32, 3)));
        TensorAssert.Close(answers.Tensors[method], rough, 1e-4, $"{method} in float32");
        output.WriteLine($"{method}: {largest:g2} in float64, {Distance(answers.Tensors[method], rough):g2} in float32");
    }

    [Fact]
    public void DeepLift_SumsToTheScoresRise_AndIntegratedGradientsDo()
    {
        using var scope = NewDisposeScope();
        using var answers = Read();
        using var model = new ReferenceNet(answers, inPlace: false);
        var images = answers.Tensors["x"];
        var baseline = answers.Tensors["baseline"];
        double[] gaps =
        [
            .. Attribution.DeepLift(model, images, new() { Baseline = baseline }).Select(map => map.ConvergenceDelta!.Value),
        ];
        double[] integrated =
        [
            .. Attribution
                .IntegratedGradients(model, images, new() { Baseline = baseline, StepCount = 1000 })
                .Select(map => map.ConvergenceDelta!.Value),
        ];
        output.WriteLine($"DeepLIFT {gaps.Max(Math.Abs):g2}, integrated gradients {integrated.Max(Math.Abs):g2}");
        Assert.All(gaps, gap => Assert.Equal(0, gap, 1e-12));
        Assert.All(integrated, gap => Assert.Equal(0, gap, 1e-3));
    }

    [Theory]
    [InlineData(LrpRule.ZPlus, LrpRule.Epsilon, 1e-5)]
    [InlineData(LrpRule.Epsilon, LrpRule.Epsilon, 1e-5)]
    [InlineData(LrpRule.Gamma, LrpRule.Gamma, 1e-12)]
    [InlineData(LrpRule.ZPlus, LrpRule.ZPlus, 1e-12)]
    public void Lrp_ConservesRelevance(LrpRule convolutions, LrpRule linear, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var answers = Read();
        using var net = new ReferenceNet(answers, inPlace: false);
        using var lenet = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        lenet.to(ScalarType.Float64);
        var pixels = randn([3, 3, 32, 32], dtype: ScalarType.Float64, generator: new Generator(3));
        foreach (
            var (model, images) in new (nn.Module<Tensor, Tensor>, Tensor)[] { (net, answers.Tensors["x"]), (lenet, pixels) }
        )
        {
            var maps = Attribution.Lrp(
                model,
                images,
                new()
                {
                    ConvolutionRule = convolutions,
                    LinearRule = linear,
                    Epsilon = 1e-9,
                }
            );
            double gap = maps.Max(map => Math.Abs(map.ConvergenceDelta!.Value / map.Score));
            output.WriteLine($"{model.GetName()}: {gap:g2}");
            Assert.InRange(gap, 0, tolerance);
            Assert.All(maps, map => Assert.Null(map.Warning));
        }
    }

    private static double Distance(Tensor expected, Tensor actual) => ((expected - actual).norm() / expected.norm()).ToDouble();

    private static SafetensorsContent Read() =>
        Safetensors.Read(Path.Combine(AppContext.BaseDirectory, "TestData", "attribution", "attributions.safetensors"));

    private sealed record Case(ReferenceNet Model, SafetensorsContent Answers, ScalarType Dtype, int Size)
    {
        public Tensor this[string name] => Answers.Tensors[name];

        public Tensor Images => this["x"].to_type(Dtype);

        public long[] Targets => this["targets"].data<long>().ToArray();

        public ClassActivationMapsOptions Maps =>
            new()
            {
                Targets = Targets,
                BatchSize = Size,
                Layer = "relu#2",
            };

        public LrpOptions Relevance => new() { Targets = Targets, BatchSize = Size };
    }
}
