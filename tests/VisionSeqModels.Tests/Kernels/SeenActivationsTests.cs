using TorchSharp.Modules;
using VisionSeqModels.Models;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>The fused convolutions show what each ReLU would have given, to a view that only looks.</summary>
[Collection("Torch")]
public sealed class SeenActivationsTests
{
    private const double Tolerance = 1e-5;

    private static readonly string[] Both = ["activation1", "activation2"];

    [Theory]
    [MemberData(nameof(FastConvolutionsTests.Cases), MemberType = typeof(FastConvolutionsTests))]
    public void EachLayer_IsLibtorchs_OneOrBothWatched(int batch, LeNetOptions options)
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(options with { Seed = 1 });
        var images = randn([batch, options.InputChannels, options.ImageHeight, options.ImageWidth], generator: new Generator(2));
        var expected = ByModules(model, images);
        foreach (string[] layers in new[] { Both, ["activation1"], ["activation2"] })
        {
            var seen = See(model, images, layers);
            Assert.Equal(layers, seen.Keys.Order());
            Assert.All(seen, entry => TensorAssert.Close(expected[entry.Key], entry.Value, Tolerance, entry.Key));
        }
    }

    [Fact]
    public void WhatIsSeen_IsWhatThePredictionWasMadeFrom()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        model.eval();
        var images = randn([20, 3, 32, 32], generator: new Generator(2));
        var alone = model.call(images);
        using var probe = new ModelProbe(model);
        float[] seen = [];
        probe.Watch("activation2", output => seen = output.data<float>().ToArray());
        TensorAssert.Identical(alone, probe.Call(images), "scores");
        var rest = nn.functional.max_pool2d(tensor(seen, [20, 16, 10, 10]), 2).flatten(1);
        rest = nn.functional.relu(Linear(model, "fc1", rest));
        rest = nn.functional.relu(Linear(model, "fc2", rest));
        TensorAssert.Identical(alone, Linear(model, "fc3", rest), "scores from what was seen");
    }

    [Fact]
    public void NotANumber_IsSeen()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var images = randn([9, 3, 32, 32], generator: new Generator(2));
        images[2, 1, 11, 12] = float.NaN;
        var expected = ByModules(model, images);
        Assert.All(
            See(model, images, Both),
            entry => Assert.Equal(isnan(expected[entry.Key]).data<bool>().ToArray(), isnan(entry.Value).data<bool>().ToArray())
        );
    }

    [Theory]
    [InlineData("activation1", 0)]
    [InlineData("conv2", 1)]
    [InlineData("pool2", 2)]
    public void AHookOfAUserBesides_IsCalled_AndMayChangeWhatFollows(string layer, int unchanged)
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var images = randn([3, 3, 32, 32], generator: new Generator(2));
        var expected = ByModules(model, images);
        int calls = 0;
        var module = (nn.Module<Tensor, Tensor>)model.named_modules().First(entry => entry.name == layer).module;
        module.register_forward_hook(
            (_, _, output) =>
            {
                calls++;
                return full_like(output, 7);
            }
        );
        var seen = See(model, images, Both);
        Assert.Equal(1, calls);
        Assert.Equal(unchanged, Both.Count(name => (expected[name] - seen[name]).abs().max().item<float>() < Tolerance));
    }

    private static Dictionary<string, Tensor> See(LeNet model, Tensor images, string[] layers)
    {
        var seen = new Dictionary<string, (float[] Values, long[] Shape)>();
        using var probe = new ModelProbe(model);
        foreach (string layer in layers)
        {
            probe.Watch(layer, output => seen.Add(layer, (output.data<float>().ToArray(), output.shape)));
        }

        probe.Run(images);
        return seen.ToDictionary(entry => entry.Key, entry => tensor(entry.Value.Values, entry.Value.Shape));
    }

    private static Dictionary<string, Tensor> ByModules(LeNet model, Tensor images)
    {
        using var noGradients = no_grad();
        var (conv1, conv2) = (Convolution(model, "conv1"), Convolution(model, "conv2"));
        var first = nn.functional.relu(nn.functional.conv2d(images, conv1.weight, conv1.bias));
        var second = nn.functional.relu(nn.functional.conv2d(nn.functional.max_pool2d(first, 2), conv2.weight, conv2.bias));
        return new() { ["activation1"] = first, ["activation2"] = second };
    }

    private static Tensor Linear(LeNet model, string name, Tensor input) =>
        nn.functional.linear(input, model.get_parameter($"{name}.weight")!, model.get_parameter($"{name}.bias")!);

    private static Conv2d Convolution(LeNet model, string name) =>
        (Conv2d)model.named_modules().First(entry => entry.name == name).module;
}
