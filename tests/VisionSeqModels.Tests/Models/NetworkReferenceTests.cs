using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Models;

/// <summary>Known answers of PyTorch 1.13 for Mlp and ResNet (TestData/reference/make_networks.py).</summary>
[Collection("Torch")]
public sealed class NetworkReferenceTests
{
    private const double Tolerance = 1e-5;

    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Models = new(StringComparer.Ordinal)
    {
        ["mlp_relu"] = () => VisionModels.Mlp(new MlpOptions { InputShape = [3, 4, 4], HiddenSizes = [20, 12] }),
        ["mlp_tanh"] = () =>
            VisionModels.Mlp(
                new MlpOptions
                {
                    InputShape = [12],
                    HiddenSizes = [16],
                    Activation = ActivationFunction.Tanh,
                }
            ),
        ["mlp_linear"] = () => VisionModels.Mlp(new MlpOptions { InputShape = [12], HiddenSizes = [] }),
        ["resnet_identity"] = () => VisionModels.ResNet(new ResNetOptions { BlockCounts = [1, 1, 1], Widths = [4, 6, 9] }),
        ["resnet_projection"] = () =>
            VisionModels.ResNet(
                new ResNetOptions
                {
                    InputChannels = 1,
                    BlockCounts = [2, 1],
                    Widths = [4, 8],
                    Shortcut = ResNetShortcut.Projection,
                }
            ),
        ["resnet_large"] = () => VisionModels.ResNet(ResNetOptions.ResNet18() with { Widths = [4, 6, 8, 10], ClassCount = 10 }),
    };

    public static TheoryData<string> Cases => [.. Models.Keys];

    public static TheoryData<int> TorchvisionDepths => [18, 34];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_InBothModes_GivesPyTorchsLogitsLossAndRunningStatistics(string name)
    {
        using var reference = Read(name);
        using var model = Build(name, reference);
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            model.eval();
            TensorAssert.Close(reference.Tensors["eval"], model.call(reference.Tensors["x"]), Tolerance, "evaluation");
        }

        model.train();
        var logits = model.call(reference.Tensors["x"]);
        TensorAssert.Close(reference.Tensors["logits"], logits, Tolerance, "logits");
        var loss = Losses.CrossEntropy().Compute(logits, reference.Tensors["y"]);
        TensorAssert.Close(reference.Tensors["loss"], loss, Tolerance, "loss");
        AssertState("stats.", reference, model.named_buffers());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_InTrainingMode_GivesEveryGradient(string name)
    {
        using var reference = Read(name);
        using var model = Build(name, reference);
        using var scope = NewDisposeScope();
        var input = reference.Tensors["x"].clone().requires_grad_();
        Losses.CrossEntropy().Compute(model.call(input), reference.Tensors["y"]).backward();
        TensorAssert.Close(reference.Tensors["dx"], input.grad!, Tolerance, "dx");
        foreach (var (parameter, value) in model.named_parameters())
        {
            TensorAssert.Close(reference.Tensors["grad." + parameter], value.grad!, Tolerance, parameter);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ThreeSteps_OfAdamAndSgd_GivePyTorchsWeightsAndStatistics(string name)
    {
        AssertThreeSteps(name, "adam3.", new AdamOptions { LearningRate = 1e-3 });
        AssertThreeSteps(name, "sgd3.", new SgdOptions { LearningRate = 1e-2, Momentum = 0.9 });
    }

    [Theory]
    [MemberData(nameof(TorchvisionDepths))]
    public void ResNet18And34_HaveTorchvisionsNamesAndShapes(int depth)
    {
        using var model = VisionModels.ResNet(depth == 18 ? ResNetOptions.ResNet18() : ResNetOptions.ResNet34());
        string[] expected = File.ReadAllLines(PathOf($"torchvision_resnet{depth}.txt"));
        var state = model.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(model.named_buffers());
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            state.Select(entry => $"{entry.Item1} [{string.Join(", ", entry.Item2.shape)}]").Order(StringComparer.Ordinal)
        );
    }

    private static void AssertThreeSteps(string name, string prefix, OptimizerOptions options)
    {
        using var reference = Read(name);
        using var model = Build(name, reference);
        using var optimizer = options.Create(model);
        for (int step = 0; step < 3; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            Losses.CrossEntropy().Compute(model.call(reference.Tensors["x"]), reference.Tensors["y"]).backward();
            optimizer.step();
        }

        AssertState(prefix, reference, model.named_buffers());
        AssertState(prefix, reference, model.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)));
    }

    private static void AssertState(string prefix, SafetensorsContent reference, IEnumerable<(string, Tensor)> state)
    {
        foreach (var (entry, value) in state)
        {
            TensorAssert.Close(reference.Tensors[prefix + entry], value, Tolerance, prefix + entry);
        }
    }

    private static nn.Module<Tensor, Tensor> Build(string name, SafetensorsContent reference)
    {
        var model = Models[name]();
        var state = model
            .named_parameters()
            .Select(entry => (entry.name, (Tensor)entry.parameter))
            .Concat(model.named_buffers())
            .ToList();
        Assert.Equal(
            reference
                .Tensors.Keys.Where(key => key.StartsWith("w0.", StringComparison.Ordinal))
                .Select(key => key[3..])
                .Order(StringComparer.Ordinal),
            state.Select(entry => entry.Item1).Order(StringComparer.Ordinal)
        );
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (entry, value) in state)
        {
            value.copy_(reference.Tensors["w0." + entry]);
        }

        return model;
    }

    private static SafetensorsContent Read(string name) => Safetensors.Read(PathOf(name + ".safetensors"));

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "TestData", "reference", file);
}
