using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>Options whose weights nobody could build, and lists of options that do not fit each other.</summary>
public sealed class ModelShapesTests
{
    private const int Huge = int.MaxValue;

    private static Dictionary<string, object> Options { get; } =
        new()
        {
            ["lenet"] = new LeNetOptions
            {
                Conv2Channels = Huge,
                ImageHeight = Huge,
                ImageWidth = Huge,
            },
            ["mlp"] = new MlpOptions { InputShape = [Huge, Huge, Huge] },
        };

    [Theory]
    [InlineData("lenet")]
    [InlineData("mlp")]
    public void WeightOfMoreValuesThanNumbersCount_IsRefused(string architecture)
    {
        var description = new ModelDescription
        {
            Architecture = architecture,
            Options = JsonFormat.Object(Options[architecture]),
        };
        var plan = ModelArchitecture.Plan("file", description);
        Assert.Equal(
            "The options in 'file' ask for a weight of more than 2^63 values. Save the model again.",
            Assert.Throws<InvalidDataException>(() => plan.Check("file", new Dictionary<string, long[]>())).Message
        );
    }

    /// <summary>The builder refuses them, so here nothing is thrown.</summary>
    [Fact]
    public void ResidualStages_AreAsManyAsBothListsHave()
    {
        Assert.Empty(ResNetShapes.Of(new ResNetOptions { Widths = [] }));
        Assert.Equal([1], Stages([4], [1, 1]));
        Assert.Equal([1], Stages([4, 8], [1]));
        Assert.Equal([1, 2], Stages([4, 8], [1, 1]));
        Assert.Empty(Stages([4, 8], []));
    }

    private static int[] Stages(int[] widths, int[] blocks) =>
        [
            .. ResNetShapes
                .Of(new ResNetOptions { Widths = widths, BlockCounts = blocks })
                .Where(weight => weight.Name.StartsWith("layer", StringComparison.Ordinal))
                .Select(weight => weight.Name["layer".Length] - '0')
                .Distinct(),
        ];
}
