using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>The library's own convolutions against libtorch's modules.</summary>
[Collection("Torch")]
public sealed class FastConvolutionsTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<int, LeNetOptions> Cases
    {
        get
        {
            var usual = new LeNetOptions();
            var cases = new TheoryData<int, LeNetOptions>();
            foreach (int batch in new[] { 1, 7, 8, 9, 64, 100 })
            {
                cases.Add(batch, usual);
            }

            cases.Add(10, usual with { InputChannels = 1, ImageHeight = 28, ImageWidth = 28 });
            cases.Add(10, usual with { KernelSize = 3 }); // the second pooling leaves a row and a column out
            cases.Add(10, usual with { KernelSize = 1, ImageHeight = 4, ImageWidth = 4 });
            cases.Add(10, usual with { KernelSize = 4, ImageHeight = 13, ImageWidth = 19 });
            cases.Add(10, usual with { ImageHeight = 16, ImageWidth = 37 });
            cases.Add(10, usual with { Conv1Channels = 1, Conv2Channels = 1 });
            cases.Add(10, usual with { InputChannels = 5, Conv1Channels = 7, Conv2Channels = 11 });
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ValuesAndGradients_AreLibtorchs(int batch, LeNetOptions options)
    {
        using var scope = NewDisposeScope();
        using var layers = new Layers(options);
        var images = layers.Images(batch);
        layers.Compare(images);
        layers.Compare(images.transpose(2, 3).contiguous().transpose(2, 3));
        using var noGradients = no_grad();
        TensorAssert.Close(layers.Libtorch(images), layers.Fast.Run(images), Tolerance, "values without gradients");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void ThreadCount_ChangesNoValue(int threads)
    {
        using var scope = NewDisposeScope();
        using var layers = new Layers(new LeNetOptions());
        var images = layers.Images(43);
        using var count = new ThreadCount(threads);
        layers.Compare(images);
        var together = layers.Fast.Run(images);
        TensorAssert.Identical(cat([.. images.split(5).Select(layers.Fast.Run)]), together, "images in other batches");
    }

    [Fact]
    public void EqualValues_TheFirstIsTaken()
    {
        using var scope = NewDisposeScope();
        using var layers = new Layers(new LeNetOptions());
        layers.Compare(layers.Images(16).round());
        layers.Compare(zeros(16, 3, 32, 32));
    }

    [Fact]
    public void NotANumber_GoesThrough_ToItsImageAlone()
    {
        using var scope = NewDisposeScope();
        using var layers = new Layers(new LeNetOptions());
        var images = layers.Images(9);
        images[2, 1, 11, 12] = float.NaN;
        var values = layers.Fast.Run(images);
        Assert.Equal(isnan(layers.Libtorch(images)).data<bool>().ToArray(), isnan(values).data<bool>().ToArray());
        Assert.Equal([2L], isnan(values).any(1).nonzero().flatten().data<long>().ToArray());
    }

    [Fact]
    public void GradientOfTheGradient_IsLibtorchs()
    {
        using var scope = NewDisposeScope();
        using var layers = new Layers(new LeNetOptions());
        var images = layers.Images(3);
        Tensor[] Second(Func<Tensor, Tensor> run)
        {
            Tensor[] weights = [.. layers.Parameters()];
            var first = autograd.grad([run(images).pow(3).sum()], weights, retain_graph: true, create_graph: true);
            return [.. autograd.grad([stack([.. first.Select(gradient => gradient.pow(2).sum())]).sum()], weights)];
        }

        Assert.All(
            Second(layers.Libtorch).Zip(Second(layers.Fast.Run)),
            pair => TensorAssert.Close(pair.First, pair.Second, 1e-4, "gradient")
        );
    }

    [Fact]
    public void FrozenWeights_HaveNoGradient_TheOthersTheirs()
    {
        using var scope = NewDisposeScope();
        using var layers = new Layers(new LeNetOptions());
        var images = layers.Images(5);
        var all = layers.Gradients(images, layers.Fast.Run);
        layers.Parameters().First().requires_grad = false;
        var rest = layers.Gradients(images, layers.Fast.Run);
        Assert.DoesNotContain("0.weight", rest.Keys);
        Assert.All(rest, entry => TensorAssert.Identical(all[entry.Key], entry.Value, entry.Key));
    }

    [Fact]
    public void SecondBackwardPass_AddsTheSameGradients()
    {
        using var scope = NewDisposeScope();
        using var layers = new Layers(new LeNetOptions());
        var sum = layers.Fast.Run(layers.Images(5)).pow(2).sum();
        TensorAssert.SecondBackwardPassAddsTheSame(sum, layers.Parameters());
    }

    [Fact]
    public void Model_UsesThem_UntilSomebodyListensOrWantsTheImagesGradient()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var input = randn([9, 3, 32, 32], generator: new Generator(3));
        int calls = 0;
        var hook = ((Conv2d)model.named_children().First(child => child.name == "conv2").module).register_forward_hook(
            (_, _, output) =>
            {
                calls++;
                return output;
            }
        );
        var heard = model.call(input);
        Assert.Equal(1, calls);
        hook.remove();
        var fast = model.call(input);
        Assert.Equal(1, calls);
        TensorAssert.Close(heard, fast, Tolerance, "scores");
        Assert.False(heard.bytes.SequenceEqual(fast.bytes), "The same bits: the model never took the fast way.");
        var asked = input.clone().requires_grad_();
        TensorAssert.Identical(heard, model.call(asked), "scores where the images' gradient is wanted");
    }

    [Fact]
    public void WeightsThatMovedToAnotherTypeAndBack_AreTheOnesThatCount()
    {
        using var scope = NewDisposeScope();
        using var layers = new Layers(new LeNetOptions());
        var images = layers.Images(5);
        layers.All.ForEach(module => module.to(ScalarType.Float64));
        Assert.False(layers.Fast.Supports(images));
        using (no_grad())
        {
            layers.Parameters().ToList().ForEach(weight => weight.mul_(2));
        }

        layers.All.ForEach(module => module.to(ScalarType.Float32));
        layers.Compare(images);
    }

    [Theory]
    [InlineData(ActivationFunction.Tanh, PoolingMode.Max)]
    [InlineData(ActivationFunction.ReLU, PoolingMode.Average)]
    public void OtherFunctionsAndPoolings_AreLeftToLibtorch(ActivationFunction activation, PoolingMode pooling) =>
        Assert.Null(KernelSelection.Convolutions(new LeNetOptions { Activation = activation, Pooling = pooling }));

    private sealed class Layers : IDisposable
    {
        private readonly LeNetOptions _options;

        public Layers(LeNetOptions options)
        {
            _options = options;
            manual_seed(1);
            All =
            [
                nn.Conv2d(options.InputChannels, options.Conv1Channels, options.KernelSize),
                nn.ReLU(),
                nn.MaxPool2d(2),
                nn.Conv2d(options.Conv1Channels, options.Conv2Channels, options.KernelSize),
                nn.ReLU(),
                nn.MaxPool2d(2),
            ];
            Fast = KernelSelection.ConvolutionsAnywhere(options, [.. All])!;
        }

        public List<nn.Module<Tensor, Tensor>> All { get; }

        public FastConvolutions Fast { get; }

        public Tensor Images(int count) =>
            randn([count, _options.InputChannels, _options.ImageHeight, _options.ImageWidth], generator: new Generator(2));

        public IEnumerable<Parameter> Parameters() => All.SelectMany(module => module.parameters());

        public Tensor Libtorch(Tensor images) => All.Aggregate(images, (values, module) => module.call(values)).flatten(1);

        public void Compare(Tensor images)
        {
            Assert.True(Fast.Supports(images));
            var actual = Gradients(images, Fast.Run);
            Assert.All(
                Gradients(images, Libtorch),
                entry => TensorAssert.Close(entry.Value, actual[entry.Key], Tolerance, entry.Key)
            );
        }

        /// <summary>Values, and the gradients of a sum that weighs each of them differently.</summary>
        public Dictionary<string, Tensor> Gradients(Tensor images, Func<Tensor, Tensor> run)
        {
            var values = run(images);
            (values * randn(values.shape, generator: new Generator(4))).sum().backward();
            var results = new Dictionary<string, Tensor> { ["values"] = values };
            foreach (
                var (name, weight) in All.SelectMany(
                        (module, i) => module.named_parameters().Select(entry => ($"{i}.{entry.name}", entry.parameter))
                    )
                    .Where(entry => entry.parameter.requires_grad)
            )
            {
                results[name] = weight.grad!.clone();
                weight.grad!.zero_();
            }

            return results;
        }

        public void Dispose() => All.ForEach(module => module.Dispose());
    }
}
