using TorchSharp;
using VisionSeqModels.Torch;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

#pragma warning disable IDE0065 // outside of the namespace, the namespace's own name comes first
using Attribution = VisionSeqModels.Visualization.Attribution;
#pragma warning restore IDE0065

/// <summary>Maps compared by numbers.</summary>
[Collection("Torch")]
public sealed class MapComparisonTests
{
    /// <summary>One score: the weighted sum of four pixels, as it is.</summary>
    private static readonly float[] Weights = [4, -1, 2, 0];

    [Fact]
    public void InsertionAndDeletion_OfALinearModel_AreTheCurvesWorkedOutByHand()
    {
        using var scope = NewDisposeScope();
        using var model = Linear();
        var image = ones([1, 1, 2, 2]);
        var maps = Attribution.InputXGradient(model, image, new() { Objective = First });
        var curves = InsertionDeletion.Measure(
            model,
            image,
            maps,
            new()
            {
                StepCount = 4,
                BlurRadius = 0,
                BatchSize = 2,
                Objective = First,
            }
        );
        Assert.Equal([5, 1, -1, -1, 0], curves.Deletions[0], (a, b) => Math.Abs(a - b) < 1e-6); // 4, 2, 0, then -1
        Assert.Equal([0, 4, 6, 6, 5], curves.Insertions[0], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal((2.5 + 1 - 1 - 1) / 4, curves.DeletionArea, 1e-6);
        Assert.Equal((4 + 6 + 6 + 2.5) / 4, curves.InsertionArea, 1e-6);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], curves.Fractions);
    }

    [Fact]
    public void BetterMap_HasTheSmallerDeletionAndTheLargerInsertionArea()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var images = randn([2, 3, 32, 32], generator: new Generator(3));
        var maps = Attribution.InputXGradient(model, images);
        var worse = maps.Select(map => map with { Values = [.. map.Values.Select(value => -value)] }).ToList();
        var (good, bad) = (InsertionDeletion.Measure(model, images, maps), InsertionDeletion.Measure(model, images, worse));
        Assert.True(good.DeletionArea < bad.DeletionArea);
        Assert.True(good.InsertionArea > bad.InsertionArea);
        Assert.All(good.Deletions.Concat(good.Insertions).SelectMany(curve => curve), value => Assert.InRange(value, 0, 1));
        Assert.Equal(
            good.Deletions.SelectMany(curve => curve),
            InsertionDeletion.Measure(model, images, maps, new() { BatchSize = 3 }).Deletions.SelectMany(curve => curve),
            (a, b) => Math.Abs(a - b) < 1e-6
        );
    }

    [Fact]
    public void Infidelity_OfALinearModelsGradient_IsZero_AndOfTwiceIt_OnlyWhenScaled()
    {
        using var scope = NewDisposeScope();
        using var model = Linear();
        var images = randn([2, 1, 2, 2], generator: new Generator(1));
        var maps = Attribution.Saliency(model, images, new() { Objective = First });
        var options = new InfidelityOptions { Objective = First, SampleCount = 9 };
        var exact = Infidelity.Measure(model, images, maps, options);
        Assert.All(exact.Values.Concat(exact.ScaledValues), value => Assert.Equal(0, value, 1e-9));
        var twice = maps.Select(map => map with { Values = [.. map.Values.Select(value => value * 2)] }).ToList();
        var doubled = Infidelity.Measure(model, images, twice, options);
        Assert.All(doubled.Values, value => Assert.True(value > 1e-3));
        Assert.All(doubled.ScaledValues, value => Assert.Equal(0, value, 1e-9));
        Assert.Equal(doubled.Values, Infidelity.Measure(model, images, twice, options with { BatchSize = 9 }).Values);
        Assert.NotEqual(doubled.Values, Infidelity.Measure(model, images, twice, options with { Seed = 1 }).Values);
    }

    [Fact]
    public void MaxSensitivity_OfALinearModelsGradient_IsZero_AndOfInputTimesGradient_IsWithinTheRadius()
    {
        using var scope = NewDisposeScope();
        using var model = Linear();
        var images = randn([2, 1, 2, 2], generator: new Generator(1));
        var none = MaxSensitivity.Measure(model, images, new() { Objective = First });
        Assert.All(none.Values, value => Assert.Equal(0, value));
        var options = new MaxSensitivityOptions { Method = Attribution.InputXGradient, Objective = First };
        var some = MaxSensitivity.Measure(model, images, options);
        double[] range = [.. TensorNumbers.Doubles(images.amax([1, 2, 3]) - images.amin([1, 2, 3]))];
        double norm = Math.Sqrt(Weights.Sum(weight => weight * weight));
        for (int i = 0; i < 2; i++)
        {
            Assert.InRange(some.Distances[i], 1e-6, range[i] * options.Radius * norm * 1.0001);
        }

        Assert.Equal(
            some.Values,
            MaxSensitivity.Measure(model, images, options with { BatchSize = 1 }).Values,
            (a, b) => Math.Abs(a - b) < 1e-6
        );
    }

    [Fact]
    public void Comparisons_AreDrawnAndSaved_AndStopWhenCancelled_AndLeaveNoTensorBehind()
    {
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        using var images = randn([2, 3, 32, 32], generator: new Generator(3));
        var maps = Attribution.InputXGradient(model, images);
        using var folder = new TempFolder();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var curves = InsertionDeletion.Measure(model, images, maps);
        var infidelity = Infidelity.Measure(model, images, maps, new() { SampleCount = 4 });
        var sensitivity = MaxSensitivity.Measure(model, images, new() { SampleCount = 2 });
        long count = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        InsertionDeletion.Measure(model, images, maps);
        Infidelity.Measure(model, images, maps, new() { SampleCount = 4 });
        MaxSensitivity.Measure(model, images, new() { SampleCount = 2 });
        Assert.Equal(count, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        foreach (var picture in new[] { curves.Draw(), infidelity.Draw(), sensitivity.Draw() })
        {
            using var decoded = PictureAssert.Decode(picture);
            Assert.True(decoded.Width > 100);
        }

        string path = folder["numbers.json"];
        curves.Save(path);
        Assert.Contains("deletion_areas", File.ReadAllText(path), StringComparison.Ordinal);
        infidelity.Save(path);
        Assert.Contains("scaled_values", File.ReadAllText(path), StringComparison.Ordinal);
        sensitivity.Save(path);
        Assert.Contains("distances", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => InsertionDeletion.Measure(model, images, maps, null, cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => Infidelity.Measure(model, images, maps, null, cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => MaxSensitivity.Measure(model, images, null, cancelled.Token));
    }

    private static Tensor First(Tensor outputs) => outputs.select(1, 0);

    private static nn.Module<Tensor, Tensor> Linear()
    {
        var linear = nn.Linear(4, 2, hasBias: false);
        using var noGradients = no_grad();
        linear.weight!.zero_();
        linear.weight!.narrow(0, 0, 1).copy_(tensor(Weights).reshape(1, 4));
        return nn.Sequential(("flat", nn.Flatten()), ("linear", linear));
    }
}
