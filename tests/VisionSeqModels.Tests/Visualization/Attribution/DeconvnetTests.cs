using SkiaSharp;
using TorchSharp;
using VisionSeqModels.Torch;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

[Collection("Torch")]
public sealed class DeconvnetTests
{
    /// <summary>Stride, padding, dilation, groups, side of the image.</summary>
    public static TheoryData<int, int, int, int, int> Convolutions
    {
        get
        {
            var all = new TheoryData<int, int, int, int, int>();
            foreach (int stride in new[] { 1, 2, 3 })
            {
                foreach (int padding in new[] { 0, 1, 2 })
                {
                    foreach (int dilation in new[] { 1, 2 })
                    {
                        all.Add(stride, padding, dilation, 1 + (stride % 2), 7 + stride + padding);
                    }
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void OneConvolution_ProjectsToItsFilterAtThePlace_AndIsItsAdjoint(
        int stride,
        int padding,
        int dilation,
        int groups,
        int side
    )
    {
        using var scope = NewDisposeScope();
        using var conv = nn.Conv2d(2, 4, 3, stride: stride, padding: padding, dilation: dilation, groups: groups);
        using var model = nn.Sequential(("conv", conv));
        using (no_grad())
        {
            conv.bias!.fill_(3); // whatever the image, some activation is above 0
        }

        var image = randn([1, 2, side, side], generator: new Generator(1));
        var activations = conv.call(image)[0];
        foreach (var projection in Deconvnet.Measure(model, image).Maps)
        {
            Assert.Equal(activations[projection.Map].max().ToSingle(), projection.Activation, 1e-5);
            var wanted = zeros(2, side, side);
            int inGroup = 2 / groups,
                first = projection.Map / (4 / groups) * inGroup;
            for (int i = 0; i < inGroup * 9; i++)
            {
                int channel = i / 9,
                    y = (projection.Row * stride) - padding + (i / 3 % 3 * dilation),
                    x = (projection.Column * stride) - padding + (i % 3 * dilation);
                if (y >= 0 && y < side && x >= 0 && x < side)
                {
                    wanted[first + channel, y, x] =
                        conv.weight![projection.Map, channel, i / 3 % 3, i % 3] * projection.Activation;
                }
            }

            TensorAssert.Close(wanted, Of(projection), 1e-6, $"map {projection.Map}");
            AssertWithinItsBox(projection);
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void LeNetLike_EqualsTheReversePassWrittenOut(int kernel, int stride)
    {
        using var scope = NewDisposeScope();
        using var model = Chain(nn.MaxPool2d(kernel, stride), nn.MaxPool2d(kernel, stride), out var first, out var second);
        var image = randn([1, 3, 19, 19], generator: new Generator(2));
        foreach (var projection in Deconvnet.Measure(model, image, new() { Layer = "pool2", BatchSize = 3 }).Maps)
        {
            var (p1, switches1) = nn.functional.max_pool2d_with_indices(
                first.call(image).relu(),
                [kernel, kernel],
                [stride, stride]
            );
            var (p2, switches2) = nn.functional.max_pool2d_with_indices(
                second.call(p1).relu(),
                [kernel, kernel],
                [stride, stride]
            );
            var signal = zeros_like(p2);
            signal[0, projection.Map, projection.Row, projection.Column] = projection.Activation;
            signal = Down(signal, switches2, second.call(p1), second);
            signal = Down(signal, switches1, first.call(image), first);
            TensorAssert.Close(signal[0], Of(projection), 1e-6, $"map {projection.Map}");
            AssertWithinItsBox(projection);
        }

        Tensor Down(Tensor signal, Tensor switches, Tensor before, TorchSharp.Modules.Conv2d conv)
        {
            var up = zeros_like(before).flatten(2).scatter_add(2, switches.flatten(2), signal.flatten(2)).reshape(before.shape);
            return nn.functional.conv_transpose2d(up.relu(), conv.weight!).detach();
        }
    }

    [Fact]
    public void OverlappingPooling_AddsUpInSharedPixels()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("relu", nn.ReLU()), ("pool", nn.MaxPool2d(3, 2)));
        var image = zeros(1, 1, 5, 5);
        image[0, 0, 2, 2] = 4; // the largest value of all four windows
        using var pass = ForwardTrace.Run(model, image, RuledRelu.Replacing(ReluRule.Deconvnet));
        var signal = tensor(new float[] { 1, 2, 3, 4 }).reshape(1, 1, 2, 2);
        Assert.Equal(10, SafeGradients.Of(pass.Find("pool").Output, signal, pass.Input)[0]![0, 0, 2, 2].ToSingle());
    }

    [Fact]
    public void AllPositive_IsTheGradientTimesTheActivation_AndScalesWithTheSeed()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        using (no_grad())
        {
            foreach (var parameter in model.parameters())
            {
                parameter.abs_();
            }
        }

        var image = rand([1, 3, 32, 32], generator: new Generator(1));
        var input = image.clone().requires_grad_();
        var projection = Deconvnet.Measure(model, image, new() { Layer = "pool2" }).Maps[5];
        using var pass = ForwardTrace.OfOutputs(model, image);
        var output = pass.Find("pool2").Output;
        var seed = zeros_like(output);
        seed[0, 5, projection.Row, projection.Column] = 1;
        TensorAssert.Close(
            SafeGradients.Of(output, seed, pass.Input)[0]![0] * projection.Activation,
            Of(projection),
            1e-6,
            "gradient times activation"
        );

        using var ruled = ForwardTrace.Run(model, image, RuledRelu.Replacing(ReluRule.Deconvnet));
        Tensor Back(Tensor signal) => SafeGradients.Of(ruled.Find("pool2").Output, signal, ruled.Input)[0]!;
        TensorAssert.Close(Back(seed) * 3.5, Back(seed * 3.5), 1e-6, "homogeneity");
    }

    [Fact]
    public void DeadMap_ProjectsToNothing()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        using (no_grad())
        {
            model.get_parameter("conv2.bias")![3] = -1e6f;
        }

        var result = Deconvnet.Measure(
            model,
            randn([1, 3, 32, 32], generator: new Generator(1)),
            new DeconvnetOptions { Layer = "activation2" }
        );
        var projections = result.Maps;
        Assert.Equal(16, projections.Count);
        Assert.All(projections[3].Values, value => Assert.Equal(0, value));
        Assert.Contains(projections[4].Values, value => value != 0);
        var dead = projections[3].ToTile();
        Assert.Equal((projections[3].Box.Width, projections[3].Box.Height), (dead.Width, dead.Height));
        var grey = new SKColor(128, 128, 128);
        Assert.Equal(grey, dead[0, 0]);
        Assert.Equal(grey, dead[dead.Width - 1, dead.Height - 1]);
        var alive = projections[4].ToTile();
        Assert.Contains(Enumerable.Range(0, alive.Width), x => alive[x, alive.Height / 2] != grey);
        using var picture = PictureAssert.Decode(result.Draw());
        PictureAssert.Has(picture, grey.ToString());
    }

    [Fact]
    public void ReceptiveFields_AreTheTrueSupportOfTheGradient()
    {
        using var scope = NewDisposeScope();
        foreach (
            var (name, model, side) in new (string, nn.Module<Tensor, Tensor>, int)[]
            {
                (
                    "pool2",
                    nn.Sequential(
                        ("conv1", nn.Conv2d(1, 1, 5)),
                        ("pool1", nn.MaxPool2d(2)),
                        ("conv2", nn.Conv2d(1, 1, 3, stride: 2, padding: 1)),
                        ("pool2", nn.AvgPool2d(2))
                    ),
                    28
                ),
                ("conv2", nn.Sequential(("pool1", nn.AvgPool2d(2)), ("conv2", nn.Conv2d(1, 1, 3, padding: 1, dilation: 2))), 15),
            }
        )
        {
            using (model)
            {
                var image = rand([1, 1, side, side], generator: new Generator(1));
                var field = new ReceptiveField(model, image, name);
                // With weights of one and averages for maxima every pixel that can matter does.
                using var linear = nn.Sequential([
                    .. model
                        .named_children()
                        .Select(child =>
                            (
                                child.name,
                                child.module is TorchSharp.Modules.MaxPool2d
                                    ? nn.AvgPool2d(2)
                                    : (nn.Module<Tensor, Tensor>)child.module
                            )
                        ),
                ]);
                using (no_grad())
                {
                    foreach (var parameter in linear.parameters())
                    {
                        parameter.fill_(1);
                    }
                }

                var input = image.clone().requires_grad_();
                var output = linear.call(input);
                for (int i = 0; i < output.size(2) * output.size(3); i++)
                {
                    (int row, int column) = (i / (int)output.size(3), i % (int)output.size(3));
                    var reached = autograd.grad([output[0, 0, row, column]], [input], retain_graph: true)[0][0, 0].ne(0);
                    long[] rows = reached.any(1).nonzero().flatten().data<long>().ToArray(),
                        columns = reached.any(0, false).nonzero().flatten().data<long>().ToArray();
                    // What dilation leaves out lies within the box.
                    var box = field.BoxOf(row, column);
                    Assert.True(
                        box.Top <= rows[0]
                            && box.Top + box.Height - 1 >= rows[^1]
                            && box.Left <= columns[0]
                            && box.Left + box.Width - 1 >= columns[^1],
                        $"{name} {row},{column}: {box}"
                    );
                    if (name == "pool2")
                    {
                        Assert.Equal(
                            new PixelBox
                            {
                                Top = (int)rows[0],
                                Left = (int)columns[0],
                                Height = (int)(rows[^1] - rows[0] + 1),
                                Width = (int)(columns[^1] - columns[0] + 1),
                            },
                            box
                        );
                    }
                }
            }
        }
    }

    [Fact]
    public void WhereTheRuleDoesNotHold_ItSaysSo()
    {
        using var scope = NewDisposeScope();
        using var tanh = VisionModels.LeNet(new LeNetOptions { Seed = 1, Activation = ActivationFunction.Tanh });
        using var plain = nn.Sequential(("conv1", nn.Conv2d(3, 2, 3)), ("conv2", nn.Conv2d(2, 2, 3)));
        var image = randn([1, 3, 32, 32], generator: new Generator(1));
        Assert.Contains(
            "activation1 (Tanh)",
            Assert.Throws<InvalidOperationException>(() => Deconvnet.Measure(tanh, image, new() { Layer = "pool2" })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "runs no ReLU module on the way",
            Assert.Throws<InvalidOperationException>(() => Deconvnet.Measure(plain, image, new() { Layer = "conv2" })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "It has: conv1, conv2",
            Assert.Throws<ArgumentException>(() => Deconvnet.Measure(plain, image, new() { Layer = "conv3" })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "[2, 3, 32, 32]",
            Assert.Throws<ShapeMismatchException>(() => Deconvnet.Measure(plain, image.repeat(2, 1, 1, 1))).Message,
            StringComparison.Ordinal
        );
    }

    private static nn.Module<Tensor, Tensor> Chain(
        nn.Module<Tensor, Tensor> pool1,
        nn.Module<Tensor, Tensor> pool2,
        out TorchSharp.Modules.Conv2d first,
        out TorchSharp.Modules.Conv2d second
    )
    {
        manual_seed(1);
        first = nn.Conv2d(3, 5, 3);
        second = nn.Conv2d(5, 4, 3);
        return nn.Sequential(
            ("conv1", first),
            ("relu1", nn.ReLU()),
            ("pool1", pool1),
            ("conv2", second),
            ("relu2", nn.ReLU()),
            ("pool2", pool2)
        );
    }

    private static Tensor Of(FeatureProjection projection) =>
        tensor(projection.Values.ToArray()).reshape([.. projection.Shape.Select(size => (long)size)]);

    private static void AssertWithinItsBox(FeatureProjection projection)
    {
        for (int i = 0; i < projection.Values.Count; i++)
        {
            (int y, int x) = (i / projection.Shape[2] % projection.Shape[1], i % projection.Shape[2]);
            bool inside =
                y >= projection.Box.Top
                && y < projection.Box.Top + projection.Box.Height
                && x >= projection.Box.Left
                && x < projection.Box.Left + projection.Box.Width;
            Assert.True(inside || projection.Values[i] == 0);
        }
    }
}
