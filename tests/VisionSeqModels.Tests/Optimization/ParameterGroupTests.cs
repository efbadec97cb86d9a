using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Which parameters a group takes, and what each group of the optimizer gets.</summary>
[Collection("Torch")]
public sealed class ParameterGroupTests
{
    [Fact]
    public void WithoutWeightDecay_TakesBiasesAndNormalisations_OfEveryKindOfModule()
    {
        using var model = nn.Sequential(
            ("conv", nn.Conv2d(1, 2, 3)),
            ("batch", nn.BatchNorm2d(2)),
            ("group", nn.GroupNorm(1, 2)),
            ("instance", nn.InstanceNorm2d(2, affine: true)),
            ("layer", nn.LayerNorm([2, 4, 4])),
            ("lstm", new Own()),
            ("prelu", nn.PReLU(1))
        );
        Assert.Equal(
            "conv.bias batch.weight batch.bias group.weight group.bias instance.weight instance.bias layer.weight layer.bias "
                + "lstm.cell.bias_ih_l0 lstm.cell.bias_hh_l0 lstm.norm.gain",
            string.Join(
                ' ',
                NamedParameter.Of(model).Where(ParameterGroup.WithoutWeightDecay.Fits).Select(parameter => parameter.Name)
            )
        );
    }

    [Fact]
    public void Predicate_SeesNameValueAndModule_AndItsSourceIsTheGroupsName()
    {
        using var model = TinyModel.Create();
        var seen = new List<string>();
        bool Note(NamedParameter parameter)
        {
            seen.Add($"{parameter.Name} {parameter.Value.dim()} {parameter.Module.GetType().Name}");
            return parameter.Name == "out.bias";
        }

        var group = new ParameterGroup(Note) { LearningRate = 0.5 };
        Assert.Equal("Note", group.Parameters);
        using var optimizer = new SgdOptions { LearningRate = 0.1, ParameterGroups = [group] }.Create(model);
        Assert.Equal(["hidden.weight 2 Linear", "hidden.bias 1 Linear", "out.weight 2 Linear", "out.bias 1 Linear"], seen);
        Assert.Equal([0.5, 0.1], optimizer.ParamGroups.Select(entry => entry.LearningRate));
        Assert.Equal("[out.bias] + [hidden.weight, hidden.bias, out.weight]", Groups(optimizer, model));
    }

    [Fact]
    public void Overlap_IsRefused_ByGroupsAndNames()
    {
        using var model = TinyModel.Create();
        var error = Assert.Throws<ArgumentException>(() =>
            new AdamOptions { ParameterGroups = [new("out"), ParameterGroup.WithoutWeightDecay] }.Create(model)
        );
        Assert.Contains(
            "'out' and 'biases and normalisation' overlap: both fit out.bias.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("*.gamma")]
    [InlineData("*.Bias")]
    [InlineData("Out")]
    [InlineData("bias")]
    public void EmptyGroup_IsRefused_WithTheNamesThatExist(string pattern)
    {
        using var model = TinyModel.Create();
        var error = Assert.Throws<ArgumentException>(() => new AdamOptions { ParameterGroups = [new(pattern)] }.Create(model));
        Assert.Contains("hidden.weight, hidden.bias, out.weight, out.bias", error.Message, StringComparison.Ordinal);
    }

    private static string Groups(optim.Optimizer optimizer, nn.Module model) =>
        string.Join(" + ", OptimizerGroups.Of(optimizer, model)!.Select(group => $"[{string.Join(", ", group)}]"));

    private sealed class Own : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006
        private readonly TorchSharp.Modules.LSTM cell = nn.LSTM(2, 3);
        private readonly RmsNorm norm = new();
#pragma warning restore IDE1006

        public Own()
            : base(nameof(Own)) => RegisterComponents();

        public override Tensor forward(Tensor input) => norm.call(cell.call(input).Item1);
    }

    private sealed class RmsNorm : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006
        private readonly TorchSharp.Modules.Parameter gain = new(ones(3));
#pragma warning restore IDE1006

        public RmsNorm()
            : base(nameof(RmsNorm)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input * gain;
    }
}
