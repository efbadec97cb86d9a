using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Tests.Inference;

/// <summary>Each layer that can be exported gives in ONNX Runtime what it gives in libtorch.</summary>
[Collection("Torch")]
public sealed class OnnxLayerTests
{
    public static TheoryData<string> Names => [.. OnnxLayers.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ALayer_GivesTheSameInOnnxRuntime(string name)
    {
        var (make, sample) = OnnxLayers.All[name];
        using var model = Sequential(("layer", make()));
        Randomize(model);
        OnnxAssert.Same(model, batch => randn([batch, .. sample]), new OnnxOptions { InputShape = sample });
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(21)]
    public void EveryVersionOfTheOperators_GivesTheSame(int opset)
    {
        using var model = Sequential(
            ("conv", Conv2d(4, 6, 3)),
            ("norm", GroupNorm(2, 6)),
            ("swish", Hardswish()),
            ("pool", AdaptiveMaxPool2d([2, 3])),
            ("mean", AdaptiveAvgPool2d((1, 2))),
            ("flat", Flatten()),
            ("layer", LayerNorm(12)),
            ("last", Linear(12, 3))
        );
        Randomize(model); // TorchSharp 0.107 gives GroupNorm no initial weights
        OnnxAssert.Same(model, batch => randn(batch, 4, 9, 11), new OnnxOptions { InputShape = [4, 9, 11], Opset = opset });
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.5)]
    public void AnEmbedding_TakesWholeNumbers(double? maximumNorm)
    {
        using var model = Sequential(
            ("table", Embedding(9, 4, max_norm: maximumNorm)),
            ("flat", Flatten()),
            ("last", Linear(20, 3))
        );
        OnnxAssert.Same(model, batch => randint(0, 9, [batch, 5], dtype: ScalarType.Int64), new OnnxOptions { InputShape = [5] });
    }

    /// <summary>Weights and running statistics that are not their initial ones.</summary>
    private static void Randomize(Module model)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (
            var (name, tensor) in model
                .named_parameters()
                .Select(entry => (entry.name, (Tensor)entry.parameter))
                .Concat(model.named_buffers())
        )
        {
            if (tensor.is_floating_point())
            {
                tensor.copy_(
                    name.EndsWith("running_var", StringComparison.Ordinal) ? rand_like(tensor) + 0.5 : randn_like(tensor)
                );
            }
        }
    }
}
