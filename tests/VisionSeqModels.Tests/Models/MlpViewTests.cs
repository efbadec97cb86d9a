using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Models;

/// <summary>Every view of a multilayer perceptron is right, or a refusal where there are no feature maps.</summary>
[Collection("Torch")]
public sealed class MlpViewTests
{
    [Fact]
    public void Gradients_AreThoseOfTheSameComputationByHand()
    {
        using var scope = NewDisposeScope();
        using var model = Build();
        var images = Images();
        var weights = model.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        var input = images.clone().requires_grad_();
        var hidden = nn.functional.linear(input.flatten(1), weights["fc1.weight"], weights["fc1.bias"]).relu();
        var scores = nn.functional.linear(hidden, weights["fc2.weight"], weights["fc2.bias"]);
        scores.gather(1, scores.argmax(1).unsqueeze(1)).sum().backward();
        var maps = Attribution.Saliency(model, images);
        using var actual = tensor(maps.SelectMany(map => map.Values).ToArray()).reshape(images.shape);
        TensorAssert.Close(input.grad!, actual, 1e-5, "saliency");
        Assert.All(Attribution.GuidedBackpropagation(model, images), map => Assert.Null(map.Warning));
        Assert.All(Attribution.Deconvolution(model, images), map => Assert.Null(map.Warning));
    }

    [Fact]
    public void DeepLiftAndIntegratedGradients_SumToTheRise()
    {
        using var scope = NewDisposeScope();
        using var model = Build();
        var maps = Attribution
            .DeepLift(model, Images())
            .Concat(Attribution.IntegratedGradients(model, Images(), new() { StepCount = 200 }));
        Assert.All(
            maps,
            map => Assert.True(Math.Abs(map.ConvergenceDelta!.Value) < 0.01, $"{map.Method}: {map.ConvergenceDelta}")
        );
        Assert.All(Attribution.Lrp(model, Images()).SelectMany(map => map.Values), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void ViewsOfLayersAndErrors_Work_AndThoseOfFeatureMapsAreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = Build();
        var data = BatchSource.From("noise", [new Batch(Images(), tensor(new long[] { 0, 1, 2 }))]);
        var statistics = ActivationStatistics.Measure(model, data, new() { Layers = ["activation1"] });
        Assert.Equal(6, statistics.Layers.Single().Channels.Count);
        Assert.Equal(3, ConfusionMatrix.Measure(model, data).Total);
        Assert.Equal(3, ConfidentErrors.Measure(model, data).SampleCount);
        Assert.NotEmpty(ParameterHistograms.Measure(model).Parameters);
        Assert.Throws<ArgumentException>(() => ActivationStatistics.Measure(model, data));
        Assert.Contains(
            "feature maps",
            Assert.Throws<ArgumentException>(() => ClassActivationMaps.GradCam(model, Images())).Message,
            StringComparison.Ordinal
        );
    }

    private static Mlp Build() =>
        VisionModels.Mlp(
            new MlpOptions
            {
                InputShape = [1, 5, 5],
                HiddenSizes = [6],
                ClassCount = 3,
                Seed = 1,
            }
        );

    private static Tensor Images() => randn([3, 1, 5, 5], generator: new Generator(2));
}
