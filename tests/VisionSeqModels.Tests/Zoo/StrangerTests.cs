using VisionSeqModels.Data;
using VisionSeqModels.Tests.Visualization.Attribution;
using VisionSeqModels.Visualization;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>Models that nobody thought of: each view is right, or says in a sentence why not, whatever mode the model is
/// in.</summary>
[Collection("Torch")]
public sealed class StrangerTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => Strangers.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryView_IsTheSameInTrainingAndEvaluationMode_OrRefusesInASentence(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Strangers.Make(name);
        var images = Strangers.Images(name, 2);
        foreach (
            string view in ZooViews.Names.Where(view =>
                view is not ("top activations" or "infidelity" or "insertion and deletion")
            )
        )
        {
            model.train();
            string training = ZooMatrix.Outcome(view, model, images);
            output.WriteLine($"{name}\t{view}\t{training}");
            Assert.True(model.training, view);
            model.eval();
            string evaluating = ZooMatrix.Outcome(view, model, images, "no gradients");
            Assert.False(model.training, view);
            Assert.True(ZooMatrix.Same(training, evaluating), $"{view}: {training}, then {evaluating}");
            Assert.DoesNotContain("frame #", training, StringComparison.Ordinal); // no bare message of libtorch
            Assert.DoesNotContain("NaN", training, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_AreThoseOfPlainAutograd_AlsoOfOneImage(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Strangers.Make(name);
        Func<Tensor, Tensor> objective = outputs => outputs.flatten(1).square().sum(1);
        foreach (int count in new[] { 1, 3 })
        {
            var images = Strangers.Images(name, count);
            model.eval();
            var input = images.clone().requires_grad_();
            objective(model.call(input)).sum().backward();
            model.train();
            var maps = Attribution.Saliency(model, images, new() { Objective = objective });
            TensorAssert.Close(input.grad!.to_type(ScalarType.Float64), AllMethods.Values(maps), 1e-5, name);
        }
    }

    [Fact]
    public void SecondNameOfAModule_IsAnsweredByTheNamesOfItsCalls()
    {
        using var scope = NewDisposeScope();
        using var model = Strangers.Make("one module under two names");
        var images = Strangers.Images("one module under two names", 1);
        var refusal = Assert.Throws<ArgumentException>(() =>
            ClassActivationMaps.GradCam(model, images, new() { Layer = "again" })
        );
        Assert.Contains("act, act#2", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("act#2", OcclusionSensitivity.Measure(model, images, new() { Layer = "act#2" }).Layer);
    }

    [Fact]
    public void LayerNamedTwice_CountsOnce()
    {
        using var scope = NewDisposeScope();
        using var model = Strangers.Make("dropout");
        var images = Strangers.Images("dropout", 2);
        var data = BatchSource.From("two", [new Batch(images, zeros(2, dtype: ScalarType.Int64))]);
        string[] layers = ["conv", "conv"];
        Assert.Single(ActivationStatistics.Measure(model, data, new() { Layers = layers }).Layers);
        Assert.Single(InvarianceCurves.Measure(model, data, new() { Layers = layers }).Distances);
    }

    [Fact]
    public void LayerThatOcclusionDoesNotFind_IsNamed()
    {
        using var scope = NewDisposeScope();
        using var model = Strangers.Make("dropout");
        var refusal = Assert.Throws<ArgumentException>(() =>
            OcclusionSensitivity.Measure(model, Strangers.Images("dropout", 1), new() { Layer = "conv9" })
        );
        Assert.Contains("no module 'conv9'. It has: conv, relu", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImagesOfBytes_AreRefusedByEveryView()
    {
        using var scope = NewDisposeScope();
        using var model = Strangers.Make("dropout");
        var images = randint(0, 256, [2, 3, 10, 10], ScalarType.Byte);
        string[] others = // those that take no images, or whose images are any input of the model
        [
            "top activations",
            "maximal input of a map",
            "maximal input",
            "activation statistics",
            "confusion matrix",
            "confident errors",
            "filter strength",
            "filter grid",
            "parameter histograms",
            "summary",
            "Grad-CAM of every layer",
        ];
        foreach (string view in ZooViews.Names.Except(others))
        {
            string outcome = ZooMatrix.Outcome(view, model, images);
            Assert.Contains("floating dtype", outcome, StringComparison.Ordinal);
        }
    }
}
