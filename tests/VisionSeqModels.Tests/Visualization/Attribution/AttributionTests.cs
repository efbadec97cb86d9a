using TorchSharp;
using VisionSeqModels.Torch;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

#pragma warning disable IDE0065 // outside of the namespace, the namespace's own name comes first
using Attribution = VisionSeqModels.Visualization.Attribution;
#pragma warning restore IDE0065

[Collection("Torch")]
public sealed class AttributionTests
{
    private const float Tolerance = 1e-5f;

    /// <summary>A convolution of ones, a ReLU, a linear layer of ±1, a ReLU: small enough to be worked out by
    /// hand.</summary>
    private static nn.Module<Tensor, Tensor> ByHand(bool inPlace)
    {
        var conv = nn.Conv2d(1, 2, 3);
        var linear = nn.Linear(8, 4);
        using var noGradients = no_grad();
        conv.weight!.fill_(1);
        conv.bias!.copy_(tensor(new float[] { -50, -75 }));
        linear.weight!.fill_(1);
        linear.weight!.narrow(1, 5, 3).fill_(-1);
        linear.bias!.zero_();
        return nn.Sequential(
            ("conv", conv),
            ("relu", nn.ReLU(inPlace)),
            ("flat", nn.Flatten()),
            ("linear", linear),
            ("last", nn.ReLU(inPlace))
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GoldenCase_OfEachRule_IsTheOneWorkedOutByHand(bool inPlace)
    {
        using var scope = NewDisposeScope();
        using var model = ByHand(inPlace);
        var image = arange(16).to_type(ScalarType.Float32).reshape(1, 1, 4, 4);
        var target = new AttributionOptions { Targets = [0] };

        Assert.Equal([0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0], Attribution.Saliency(model, image, target)[0].Values);
        Assert.Equal(
            [0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1],
            Attribution.GuidedBackpropagation(model, image, target)[0].Values
        );
        Assert.Equal([2, 3, 3, 1, 3, 5, 5, 2, 3, 5, 5, 2, 1, 2, 2, 1], Attribution.Deconvolution(model, image, target)[0].Values);
    }

    [Fact]
    public void Rules_OnAReusedReluInBranches_AreTheReversePassWrittenOut()
    {
        using var scope = NewDisposeScope();
        using var model = new Residual();
        var image = randn([2, 3, 6, 6], generator: new Generator(1));
        foreach (
            var (rule, map) in new[]
            {
                (ReluRule.Guided, Attribution.GuidedBackpropagation(model, image)),
                (ReluRule.Deconvnet, Attribution.Deconvolution(model, image)),
                (ReluRule.Gradient, Attribution.Saliency(model, image)),
            }
        )
        {
            for (int i = 0; i < 2; i++)
            {
                var wanted = model.Reverse(image.narrow(0, i, 1), map[i].Target, rule);
                TensorAssert.Close(wanted, tensor(map[i].Values.ToArray()).reshape(wanted.shape), 1e-6, rule.ToString());
            }
        }
    }

    [Fact]
    public void Saliency_OfALinearModel_IsItsWeights()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2 * 3 * 3, 4);
        using var model = nn.Sequential(("flat", nn.Flatten()), ("linear", linear));
        var maps = Attribution.Saliency(
            model,
            randn([3, 2, 3, 3], generator: new Generator(1)),
            new AttributionOptions { Targets = [2, 0, 3] }
        );
        Assert.All(maps, map => Assert.Equal(linear.weight![map.Target].data<float>().ToArray(), map.Values));
        Assert.Equal(
            Math.Abs(maps[0][1, 2, 2]) > Math.Abs(maps[0][0, 2, 2]) ? Math.Abs(maps[0][1, 2, 2]) : Math.Abs(maps[0][0, 2, 2]),
            maps[0].MaximumMagnitude()[2, 2]
        );
    }

    [Fact]
    public void Saliency_AgreesWithCentralDifferences_InFloat64()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(
            ("conv", nn.Conv2d(1, 3, 3)),
            ("tanh", nn.Tanh()),
            ("flat", nn.Flatten()),
            ("linear", nn.Linear(3 * 9, 2))
        );
        model.to(ScalarType.Float64);
        var image = randn([1, 1, 5, 5], dtype: ScalarType.Float64, generator: new Generator(1));
        var map = Attribution.Saliency(model, image, new AttributionOptions { Targets = [1] })[0];
        const double step = 1e-5;
        for (int i = 0; i < 25; i++)
        {
            double At(double change)
            {
                var moved = image.clone();
                moved[0, 0, i / 5, i % 5] += change;
                return model.call(moved)[0, 1].ToDouble();
            }

            Assert.Equal((At(step) - At(-step)) / (2 * step), map.Values[i], 1e-6);
        }
    }

    [Fact]
    public void InputXGradient_OfAReluNetWithoutBiases_SumsToTheScore()
    {
        using var scope = NewDisposeScope();
        using var model = LeNetWithoutBiases();
        var maps = Attribution.InputXGradient(model, Images(5));
        Assert.All(maps, map => Assert.Equal(1, map.Values.Sum(value => (double)value) / map.Score, 1e-4));
    }

    [Fact]
    public void SmoothGrad_WithoutNoise_IsTheGradient_AndWithIt_IsTheSameInAnyBatch()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var images = Images(3);
        Assert.All(
            Attribution.SmoothGrad(model, images, new() { CopyCount = 2, Noise = 0 }).Zip(Attribution.Saliency(model, images)),
            pair => AssertClose(pair.Second.Values, pair.First.Values)
        );
        var together = Attribution.SmoothGrad(model, images, new() { CopyCount = 3 });
        var apart = Attribution.SmoothGrad(model, images, new() { CopyCount = 3, BatchSize = 1 });
        Assert.All(together.Zip(apart), pair => AssertClose(pair.First.Values, pair.Second.Values));
        Assert.NotEqual(together[0].Values, Attribution.Saliency(model, images)[0].Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(50)]
    public void GaussLegendre_IntegratesPolynomialsUpToItsDegreeExactly(int count)
    {
        var (places, weights) = GaussLegendre.Of(count);
        Assert.Equal(1, weights.Sum(), 1e-12);
        int degree = (2 * count) - 1;
        Assert.Equal(1.0 / (degree + 1), places.Zip(weights, (place, weight) => weight * Math.Pow(place, degree)).Sum(), 1e-12);
    }

    [Fact]
    public void IntegratedGradients_SumToTheScoresRise()
    {
        using var scope = NewDisposeScope();
        using var smooth = VisionModels.LeNet(
            new LeNetOptions
            {
                Seed = 1,
                Activation = ActivationFunction.Tanh,
                Pooling = PoolingMode.Average,
            }
        );
        using var relus = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var images = Images(3);
        Assert.All(
            Attribution.IntegratedGradients(smooth, images),
            map => Assert.InRange(Math.Abs(map.ConvergenceDelta!.Value), 0, 1e-5)
        );
        Assert.All(
            Attribution.IntegratedGradients(relus, images, new() { StepCount = 200 }),
            map =>
            {
                double rise = map.Values.Sum(value => (double)value) - map.ConvergenceDelta!.Value;
                Assert.InRange(Math.Abs(map.ConvergenceDelta!.Value), 0, 0.02 * Math.Max(Math.Abs(rise), 0.05));
            }
        );
        Assert.All(
            Attribution.IntegratedGradients(relus, images, new() { Baseline = images }).SelectMany(map => map.Values),
            value => Assert.Equal(0, value)
        );
    }

    [Fact]
    public void IntegratedGradients_OfALinearModel_IsExact_WithAnyStepsAndBaseline()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(12, 3);
        using var model = nn.Sequential(("flat", nn.Flatten()), ("linear", linear));
        var images = randn([2, 3, 2, 2], generator: new Generator(1));
        var baseline = randn([1, 3, 2, 2], generator: new Generator(2));
        foreach (int steps in new[] { 1, 7 })
        {
            var maps = Attribution.IntegratedGradients(
                model,
                images,
                new IntegratedGradientsOptions
                {
                    StepCount = steps,
                    Baseline = baseline,
                    Targets = [1, 2],
                    BatchSize = 1,
                }
            );
            for (int i = 0; i < 2; i++)
            {
                var wanted = linear.weight![maps[i].Target] * (images[i] - baseline[0]).flatten();
                AssertClose(wanted.data<float>().ToArray(), maps[i].Values);
            }
        }

        Assert.Contains(
            "[1, 3, 4, 4]",
            Assert
                .Throws<ShapeMismatchException>(() =>
                    Attribution.IntegratedGradients(model, images, new() { Baseline = zeros(1, 3, 4, 4) })
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Methods_GiveEachImageWhatItGivesAlone_AndLeaveEverythingAsItWas()
    {
        using var model = nn.Sequential(
            ("norm", nn.BatchNorm2d(3)),
            ("conv", nn.Conv2d(3, 4, 3)),
            ("relu", nn.ReLU()),
            ("drop", nn.Dropout(0.5)),
            ("flat", nn.Flatten()),
            ("linear", nn.Linear(4 * 16, 3))
        );
        model.train();
        model.named_modules().Single(entry => entry.name == "drop").module.eval(); // modes are each module's own
        using var images = randn([5, 3, 6, 6], generator: new Generator(1));
        using var before = model.get_parameter("conv.weight")!.clone();
        using var mean = model.get_buffer("norm.running_mean")!.clone();
        manual_seed(5);
        using var expected = rand(2);
        manual_seed(5);
        Func<int, IReadOnlyList<AttributionMap>>[] methods =
        [
            size => Attribution.Saliency(model, images, new() { BatchSize = size }),
            size => Attribution.GuidedBackpropagation(model, images, new() { BatchSize = size }),
            size => Attribution.Deconvolution(model, images, new() { BatchSize = size }),
            size => Attribution.InputXGradient(model, images, new() { BatchSize = size }),
            size => Attribution.SmoothGrad(model, images, new() { CopyCount = 2, BatchSize = size }),
            size => Attribution.IntegratedGradients(model, images, new() { StepCount = 4, BatchSize = size }),
            size => ClassActivationMaps.GradCam(model, images, new() { BatchSize = size }),
            size => ClassActivationMaps.GuidedGradCam(model, images, new() { BatchSize = size }),
        ];
        foreach (var method in methods)
        {
            var together = method(256);
            long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            var alone = method(1);
            Assert.True(
                live == DisposeScopeManager.Statistics.ThreadTotalLiveCount,
                $"{together[0].Method}: {DisposeScopeManager.Statistics.ThreadTotalLiveCount - live} tensors more"
            );
            Assert.All(together.Zip(alone), pair => AssertClose(pair.First.Values, pair.Second.Values));
        }

        Assert.Throws<ArgumentException>(() =>
            Attribution.Saliency(model, images, new AttributionOptions { Targets = [0, 1, 2, 3, 0] })
        ); // there is no class 3
        using var drawn = rand(2);
        TensorAssert.Identical(expected, drawn, "random state");
        TensorAssert.Identical(before, model.get_parameter("conv.weight")!, "weights");
        TensorAssert.Identical(mean, model.get_buffer("norm.running_mean")!, "running mean");
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.False(images.requires_grad);
        Assert.Equal([true, true, true, false, true, true], model.named_children().Select(child => child.module.training));
        using var scope = NewDisposeScope();
        model.eval();
        var plain = model.call(images);
        TensorAssert.Identical(plain, model.call(images), "no hook is left that changes outputs");
    }

    [Fact]
    public void WhatCannotBeSeen_IsSaidPlainly()
    {
        using var scope = NewDisposeScope();
        using var functional = new FunctionalRelu();
        using var softmax = nn.Sequential(("flat", nn.Flatten()), ("linear", nn.Linear(12, 3)), ("softmax", nn.Softmax(1)));
        var images = randn([1, 3, 2, 2], generator: new Generator(1));
        Assert.Contains(
            "runs no ReLU module",
            Assert.Throws<InvalidOperationException>(() => Attribution.GuidedBackpropagation(functional, images)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Explain the scores before it",
            Attribution.Saliency(softmax, images)[0].Warning,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "[3, 2, 2]",
            Assert.Throws<ShapeMismatchException>(() => Attribution.Saliency(softmax, images[0])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InvalidOptionsException>(() =>
            Attribution.Saliency(softmax, images, new AttributionOptions { Targets = [0, 1], BatchSize = 0 })
        );
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            Attribution.Saliency(softmax, images, cancellationToken: cancelled.Token)
        );
    }

    private static Tensor Images(int count) => randn([count, 3, 32, 32], generator: new Generator(3));

    private static nn.Module<Tensor, Tensor> LeNetWithoutBiases()
    {
        var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        using var noGradients = no_grad();
        foreach (
            var (name, parameter) in model
                .named_parameters()
                .Where(entry => entry.name.EndsWith("bias", StringComparison.Ordinal))
        )
        {
            parameter.zero_();
        }

        return model;
    }

    private static void AssertClose(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
    {
        float largest = Math.Max(expected.Max(Math.Abs), 1e-12f);
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Tolerance * largest));
    }

    private sealed class FunctionalRelu : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear linear = nn.Linear(12, 3);

        public FunctionalRelu()
            : base(nameof(FunctionalRelu)) => RegisterComponents();

        public override Tensor forward(Tensor input) => linear.call(nn.functional.relu(input.flatten(1)));
    }

    /// <summary>One ReLU module used twice, and a branch around a convolution.</summary>
    private sealed class Residual : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d first = nn.Conv2d(3, 4, 3, padding: 1);
        private readonly TorchSharp.Modules.Conv2d second = nn.Conv2d(4, 4, 3, padding: 1);
        private readonly TorchSharp.Modules.ReLU relu = nn.ReLU();
        private readonly TorchSharp.Modules.Linear linear = nn.Linear(4 * 36, 3);

        public Residual()
            : base(nameof(Residual)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var one = relu.call(first.call(input));
            var two = relu.call(second.call(one) + one);
            return linear.call(two.flatten(1));
        }

        public Tensor Reverse(Tensor image, long target, ReluRule rule)
        {
            var a1 = first.call(image);
            var a2 = second.call(a1.relu()) + a1.relu();
            Tensor Through(Tensor signal, Tensor before) =>
                rule switch
                {
                    ReluRule.Deconvnet => signal.relu(),
                    ReluRule.Guided => signal.relu() * before.gt(0),
                    _ => signal * before.gt(0),
                };
            Tensor Transposed(Tensor signal, TorchSharp.Modules.Conv2d conv) =>
                nn.functional.conv_transpose2d(signal, conv.weight!, padding: [1, 1]);
            var down = Through(linear.weight![target].reshape(a2.shape), a2);
            return Transposed(Through(Transposed(down, second) + down, a1), first).detach();
        }
    }
}
