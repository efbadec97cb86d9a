using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>What an optimizer holds, by name, and the refusal of a saved state of other parameters.</summary>
[Collection("Torch")]
public sealed class OptimizerGroupsTests
{
    private static readonly IReadOnlyList<IReadOnlyList<string>> Two =
    [
        ["a", "b"],
        ["c"],
    ];

    [Fact]
    public void Groups_AreNamed_AndAnotherModelsParametersAreNot()
    {
        using var model = TinyModel.Create();
        using var other = nn.Linear(1, 1, hasBias: false);
        using var optimizer = optim.Adam([model.get_parameter("out.bias"), other.weight!]);
        Assert.Equal(
            [
                ["out.bias", "?"],
            ],
            OptimizerGroups.Of(optimizer, model)!
        );
    }

    [Fact]
    public void OptimizerOfAnotherKind_HasNoNames_AndNoState()
    {
        using var model = TinyModel.Create();
        using var optimizer = new Own();
        Assert.Null(OptimizerGroups.Of(optimizer, model));
        Assert.Null(OptimizerState.Save(optimizer));
    }

    [Fact]
    public void SameGroups_OrUnknownOnes_AreAccepted()
    {
        OptimizerGroups.Check(
            Two,
            [
                ["a", "b"],
                ["c"],
            ]
        );
        OptimizerGroups.Check(null, Two);
        OptimizerGroups.Check(Two, null);
        OptimizerGroups.Check(null, null);
    }

    [Theory]
    [InlineData("a b", "[a, b]")]
    [InlineData("a b/c/d", "[a, b] + [c] + [d]")]
    [InlineData("a b/d", "[a, b] + [d]")]
    [InlineData("b a/c", "[b, a] + [c]")]
    [InlineData("a/b c", "[a] + [b, c]")]
    public void OtherGroups_AreRefused_WithBoth(string groups, string text)
    {
        IReadOnlyList<string>[] now = [.. groups.Split('/').Select(group => group.Split(' '))];
        Assert.Equal(
            "The run cannot be resumed, because its optimizer held other parameters, or in other groups: [a, b] + [c] became "
                + $"{text}. Give the same parameter groups, the same Freezing and the same requires_grad as at its start. To "
                + "train parameters from a later epoch on, use TrainerOptions.Freezing from the start.",
            Assert.Throws<InvalidOperationException>(() => OptimizerGroups.Check(Two, now)).Message
        );
    }

    private sealed class Own() : optim.Optimizer(IntPtr.Zero)
    {
        public override IEnumerable<optim.ILearningRateController> ParamGroups => [new Rate()];
    }

    private sealed class Rate : optim.ILearningRateController
    {
        public double LearningRate { get; set; }

        public double InitialLearningRate { get; set; }
    }
}
