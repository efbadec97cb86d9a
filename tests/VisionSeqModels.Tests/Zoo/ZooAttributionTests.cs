using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>Each attribution of each model of the zoo is what a computation by hand gives, or a refusal.</summary>
[Collection("Torch")]
public sealed class ZooAttributionTests
{
    public static TheoryData<string> Names => Animals.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_AreThoseOfTheSameComputationByHand(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var images = Animals.Images(model, 3);
        var reference = new ReferencePass(model, images);
        if (!model.ReachesInput)
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => Attribution.Saliency(model, images));
            Assert.Contains("detaches", refusal.Message, StringComparison.Ordinal);
            return;
        }

        var expected = reference.Back(Selected(reference.Scores), ones(3, dtype: images.dtype))!;
        Close(expected, Attribution.Saliency(model, images), "saliency");
        Close(expected * images, Attribution.InputXGradient(model, images), "input × gradient");
        Assert.All(
            Attribution.IntegratedGradients(model, images, new() { StepCount = 200 }),
            map => Assert.True(Math.Abs(map.ConvergenceDelta!.Value) < 0.05, $"{name}: gap {map.ConvergenceDelta}")
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RulesForRelus_AreThoseOfTheSameComputationByHand_AndSayWhatTheyMiss(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var images = Animals.Images(model, 3);
        var options = new AttributionOptions { BatchSize = 2 };
        foreach (
            var (rule, method) in new (ReluRule, AttributionMethod)[]
            {
                (ReluRule.Guided, Attribution.GuidedBackpropagation),
                (ReluRule.Deconvnet, Attribution.Deconvolution),
            }
        )
        {
            if (model is FunctionalRelus { HasAny: false } || !model.ReachesInput)
            {
                var refusal = Assert.Throws<InvalidOperationException>(() => method(model, images, options, default));
                Assert.Contains(model.ReachesInput ? "ReLU" : "detaches", refusal.Message, StringComparison.Ordinal);
                continue;
            }

            var reference = new ReferencePass(model, images, rule);
            var maps = method(model, images, options, default);
            Close(reference.Back(Selected(reference.Scores), ones(3, dtype: images.dtype))!, maps, $"{rule}");
            Assert.All(
                maps,
                map =>
                    Assert.True(
                        model.AllRelusAreModules
                            == map.Warning?.Contains("outside modules", StringComparison.Ordinal) is not true,
                        $"{name}: {map.Warning}"
                    )
            );
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ClassActivationMaps_AreThoseOfTheLastMapsThatLeadToTheScores(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var images = Animals.Images(model, 3);
        var reference = new ReferencePass(model, images);
        var maps = ClassActivationMaps.GradCam(model, images);
        Assert.All(maps, map => Assert.Equal($"Grad-CAM ({model.LastMaps})", map.Method));
        Close(Enlarged(Cam(reference, model.LastMaps, mean: true)), maps, "Grad-CAM");
        Close(Enlarged(Cam(reference, model.LastMaps, mean: false)), ClassActivationMaps.HiResCam(model, images), "HiResCAM");
        foreach (var (layer, output) in reference.Given.Where(entry => entry.Key != model.LastMaps))
        {
            if (Cam(reference, layer, mean: true) is Tensor cam)
            {
                Close(Enlarged(cam), ClassActivationMaps.GradCam(model, images, new() { Layer = layer }), layer);
            }
            else
            {
                Assert.Contains(
                    "no gradient gets",
                    Assert
                        .Throws<ArgumentException>(() => ClassActivationMaps.GradCam(model, images, new() { Layer = layer }))
                        .Message,
                    StringComparison.Ordinal
                );
            }
        }

        Tensor Enlarged(Tensor? cam) =>
            nn.functional.interpolate(cam!, size: [10, 10], mode: InterpolationMode.Bilinear, align_corners: false);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Views_AreTheSameWithinInferenceModeAndWithoutGradients_AndLeaveTheModelAsItWas(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var images = Animals.Images(model, 2);
        var weights = model.parameters().Select(parameter => parameter.detach().clone()).ToList();
        var outside = ClassActivationMaps.GradCam(model, images);
        using (inference_mode())
        {
            Same(outside, ClassActivationMaps.GradCam(model, images));
            Same(outside, ClassActivationMaps.GradCam(model, images.clone()));
        }

        using (no_grad())
        {
            Same(outside, ClassActivationMaps.GradCam(model, images));
        }

        Assert.True(model.training);
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.All(model.parameters().Zip(weights), pair => TensorAssert.Identical(pair.Second, pair.First, name));
        using var loss = model.call(images).sum(); // what the model keeps from the views takes part in training
        loss.backward();
        Assert.Contains(model.parameters(), parameter => parameter.grad is not null);

        static void Same(IReadOnlyList<AttributionMap> expected, IReadOnlyList<AttributionMap> actual) =>
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
    }

    private static Tensor Selected(Tensor scores) => scores.gather(1, scores.argmax(1).unsqueeze(1)).squeeze(1);

    private static Tensor? Cam(ReferencePass reference, string layer, bool mean)
    {
        var activation = reference.Given[layer];
        var selected = Selected(reference.Scores);
        return reference.Back(selected, ones_like(selected), activation) is not Tensor gradient
            ? null
            : ((mean ? gradient.mean([2, 3], keepdim: true) : gradient) * activation.detach()).sum([1], keepdim: true).relu();
    }

    private static void Close(Tensor expected, IReadOnlyList<AttributionMap> maps, string what)
    {
        using var actual = tensor(maps.SelectMany(map => map.Values).ToArray()).reshape(expected.shape);
        TensorAssert.Close(expected, actual, 1e-5, what);
    }
}
