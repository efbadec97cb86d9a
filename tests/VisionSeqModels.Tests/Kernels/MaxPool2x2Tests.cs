using TorchSharp;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>Against libtorch's own pooling, bit for bit.</summary>
[Collection("Torch")]
public sealed class MaxPool2x2Tests
{
    /// <summary>Whole and broken vectors, odd sides, and what the kernel leaves to libtorch.</summary>
    public static TheoryData<int, int, int, int> Shapes =>
        new()
        {
            { 3, 6, 28, 28 },
            { 2, 16, 10, 10 },
            { 1, 1, 2, 8 },
            { 2, 3, 7, 9 },
            { 2, 2, 5, 15 },
            { 1, 2, 4, 7 },
            { 2, 1, 3, 2 },
            { 1, 1, 33, 65 },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ValuesAndGradients_AreLibtorchs_WithEqualValuesInABlock(int batch, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var pool = new MaxPool2x2();
        // many equal values
        var images = randint(3, [batch, channels, height, width], generator: new Generator(1)).to_type(ScalarType.Float32);
        Compare(pool, images);
        Compare(pool, randn([batch, channels, height, width], generator: new Generator(2)));
    }

    [Fact]
    public void NotANumber_GoesThrough()
    {
        using var scope = NewDisposeScope();
        using var pool = new MaxPool2x2();
        for (int place = 0; place < 4; place++)
        {
            var images = randn([1, 1, 4, 16], generator: new Generator(3));
            images[0, 0, place / 2, 4 + (place % 2)] = float.NaN;
            Compare(pool, images);
        }
    }

    [Fact]
    public void OtherLayoutsAndTypes_AreLibtorchs()
    {
        using var scope = NewDisposeScope();
        using var pool = new MaxPool2x2();
        var images = randn([2, 4, 12, 16], generator: new Generator(4));
        Compare(pool, images.transpose(2, 3));
        Compare(pool, images.to_type(ScalarType.Float64));
    }

    [Fact]
    public void WithoutGradients_ItWorksInInferenceModeToo()
    {
        using var scope = NewDisposeScope();
        using var pool = new MaxPool2x2();
        var images = randn([2, 4, 12, 16], generator: new Generator(5));
        using var inference = inference_mode();
        TensorAssert.Identical(nn.functional.max_pool2d(images, 2), pool.call(images), "values");
    }

    [Fact]
    public void GradientOfTheGradient_IsLibtorchs()
    {
        using var scope = NewDisposeScope();
        using var pool = new MaxPool2x2();
        var images = randn([2, 3, 7, 9], generator: new Generator(6));
        Tensor Second(Func<Tensor, Tensor> pooling)
        {
            var input = images.clone().requires_grad_();
            var first = autograd.grad([pooling(input * input).pow(3).sum()], [input], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.pow(2).sum()], [input])[0];
        }

        TensorAssert.Identical(Second(input => nn.functional.max_pool2d(input, 2)), Second(pool.call), "second gradient");
    }

    [Fact]
    public void Steps_LeaveNoTensors()
    {
        using var pool = new MaxPool2x2();
        using var images = randn(2, 3, 8, 8, requires_grad: true);
        long Live(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                using var scope = NewDisposeScope();
                pool.call(images).sum().backward();
            }

            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Assert.Equal(Live(1), Live(20));
    }

    private static void Compare(MaxPool2x2 pool, Tensor images)
    {
        var (wanted, wantedGradient) = Run(input => nn.functional.max_pool2d(input, 2), images);
        var (output, gradient) = Run(pool.call, images);
        TensorAssert.Identical(wanted, output, "values");
        TensorAssert.Identical(wantedGradient, gradient, "gradient");
    }

    private static (Tensor Output, Tensor Gradient) Run(Func<Tensor, Tensor> pooling, Tensor images)
    {
        var input = images.detach().requires_grad_();
        var output = pooling(input);
        var weights = arange(output.numel(), dtype: output.dtype).reshape(output.shape).add(1);
        return (output, autograd.grad([output], [input], [weights])[0]);
    }
}
