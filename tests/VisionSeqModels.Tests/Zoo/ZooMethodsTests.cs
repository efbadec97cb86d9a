using TorchSharp;
using VisionSeqModels.Visualization;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>The further methods, of each model of the zoo, against a computation by hand, written in another way.</summary>
[Collection("Torch")]
public sealed class ZooMethodsTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-5;

    private static readonly LrpOptions WithoutEpsilon = new()
    {
        Epsilon = 0,
        ConvolutionRule = LrpRule.Epsilon,
        LinearRule = LrpRule.Epsilon,
    };

    public static TheoryData<string> Names => Animals.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void ClassActivationMaps_AreThoseOfTheFormulas(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var images = Animals.Images(model, 3);
        var reference = new ReferencePass(model, images);
        var maps = reference.Given[model.LastMaps];
        var selected = Selected(reference.Scores);
        var gradient = reference.Back(selected, ones_like(selected), maps)!;
        var activation = maps.detach();
        Close(
            Enlarged((gradient.clamp(min: 0) * activation).sum([1], keepdim: true)),
            ClassActivationMaps.LayerCam(model, images)
        );
        Close(Enlarged(PlusPlus(activation, gradient)), ClassActivationMaps.GradCamPlusPlus(model, images));
        Close(Enlarged(FirstDirection(activation)), ClassActivationMaps.EigenCam(model, images));
        Close(Enlarged(ByScore(model, images, activation, reference.Scores)), ClassActivationMaps.ScoreCam(model, images));
    }

    /// <summary>Where every activation is a ReLU and the rest is linear, DeepLIFT's multiplier of a ReLU is the slope between
    /// what it gives for the image and for the reference.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void DeepLift_IsTheSlopeAtEachRelu(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var images = Animals.Images(model, 3);
        var maps = MapsOrRefusal(() => Attribution.DeepLift(model, images), model);
        if (maps is null || maps[0].Warning is not null)
        {
            return;
        }

        var slopes = new SlopePass(model, images);
        Close(slopes.Multiplier * images, maps);
        Assert.True(slopes.ReluCount > 0);
    }

    /// <summary>Where nothing adds a constant, LRP-0 is the input times the gradient: Ancona et al., "Towards better
    /// understanding of gradient-based attribution methods" (2018), proposition 1. In float64, since it divides by sums that may
    /// be near zero.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void LrpWithoutConstants_IsInputTimesGradient(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        if (model is TiedWeights)
        {
            Assert.Contains("operations outside modules", Attribution.Lrp(model, Animals.Images(model, 1))[0].Warning);
            return; // its cached tensor is such a constant
        }

        model.to(ScalarType.Float64);
        WithoutConstants(model);
        var images = Animals.Images(model, 3);
        var maps = MapsOrRefusal(() => Attribution.Lrp(model, images, WithoutEpsilon), model);
        if (maps is null || maps[0].Warning is not null)
        {
            return;
        }

        var reference = new ReferencePass(model, images);
        Close(reference.Back(Selected(reference.Scores), ones(3, dtype: images.dtype))! * images, maps);
    }

    private static void WithoutConstants(ZooModel model)
    {
        using var noGradients = no_grad();
        (string name, Tensor values)[] constants = [.. model.named_parameters(), .. model.named_buffers()];
        foreach (var (name, values) in constants)
        {
            if (name.EndsWith("bias", StringComparison.Ordinal) || name.EndsWith("running_mean", StringComparison.Ordinal))
            {
                values.zero_();
            }
        }
    }

    private IReadOnlyList<AttributionMap>? MapsOrRefusal(Func<IReadOnlyList<AttributionMap>> run, ZooModel model)
    {
        try
        {
            var maps = run();
            output.WriteLine($"{model.GetName()}: {maps[0].Warning ?? "compared"}");
            Assert.True(
                maps[0].Warning is null || model.AllRelusAreModules != true || model is Ending or BuiltResNet,
                maps[0].Warning
            );
            return maps;
        }
        catch (InvalidOperationException e)
        {
            output.WriteLine($"{model.GetName()}: {e.Message}");
            Assert.True(!model.ReachesInput || model.AllRelusAreModules != true, e.Message);
            return null;
        }
    }

    /// <summary>Chattopadhay et al. (2018), equation 19, with its sums.</summary>
    private static Tensor PlusPlus(Tensor activation, Tensor gradient)
    {
        var below = (2 * gradient.pow(2)) + (activation.sum([2, 3], keepdim: true) * gradient.pow(3));
        var alpha = where(below.eq(0), zeros_like(below), gradient.pow(2) / where(below.eq(0), ones_like(below), below));
        var weights = (alpha * gradient.clamp(min: 0)).sum([2, 3], keepdim: true);
        return (weights * activation).sum([1], keepdim: true);
    }

    /// <summary>The eigenvector of the channels' products, instead of a decomposition of the maps.</summary>
    private static Tensor FirstDirection(Tensor activation)
    {
        var results = new List<Tensor>();
        foreach (var one in activation.to_type(ScalarType.Float64).unbind(0))
        {
            var rows = one.flatten(1); // [channels, places]
            var (_, vectors) = linalg.eigh(rows.matmul(rows.t()));
            var projection = vectors.select(1, rows.size(0) - 1).matmul(rows).reshape(1, one.size(1), one.size(2));
            results.Add(projection.sum().item<double>() < 0 ? -projection : projection);
        }

        return stack(results).to_type(activation.dtype);
    }

    /// <summary>One masked image at a time.</summary>
    private static Tensor ByScore(ZooModel model, Tensor images, Tensor activation, Tensor scores)
    {
        var results = new List<Tensor>();
        for (long image = 0; image < images.size(0); image++)
        {
            long target = scores[image].argmax().item<long>();
            var weights = new List<double>();
            for (long map = 0; map < activation.size(1); map++)
            {
                var mask = Enlarged(activation[image, map].unsqueeze(0).unsqueeze(0), positive: false);
                mask = mask - mask.min();
                double range = mask.max().item<double>();
                mask = range > 0 ? mask / range : mask;
                var masked = images[image].unsqueeze(0) * mask.to_type(images.dtype);
                weights.Add(new ReferencePass(model, masked).Scores[0, target].to_type(ScalarType.Float64).item<double>());
            }

            var softmax = tensor(weights.ToArray()).softmax(0).to_type(activation.dtype);
            results.Add((softmax.reshape(-1, 1, 1) * activation[image]).sum([0], keepdim: true));
        }

        return stack(results);
    }

    private static Tensor Selected(Tensor scores) => scores.gather(1, scores.argmax(1).unsqueeze(1)).squeeze(1);

    private static Tensor Enlarged(Tensor map, bool positive = true) =>
        nn.functional.interpolate(
            positive ? map.clamp(min: 0) : map.to_type(ScalarType.Float64),
            size: [10, 10],
            mode: InterpolationMode.Bilinear,
            align_corners: false
        );

    private static void Close(Tensor expected, IReadOnlyList<AttributionMap> maps)
    {
        using var actual = tensor(maps.SelectMany(map => map.Values).ToArray()).reshape(expected.shape);
        TensorAssert.Close(expected, actual, Tolerance, maps[0].Method);
    }
}
