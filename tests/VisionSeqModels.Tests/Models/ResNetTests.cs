using TorchSharp;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Models;

/// <summary>The residual networks beyond their known answers.</summary>
[Collection("Torch")]
public sealed class ResNetTests
{
    [Theory]
    [InlineData(20, 269_722)]
    [InlineData(56, 853_018)]
    [InlineData(110, 1_727_962)]
    public void OfDepth_IsThePapersNetwork_ByItsParameterCount(int depth, long parameters)
    {
        using var model = VisionModels.ResNet(ResNetOptions.OfDepth(depth));
        Assert.Equal(parameters, model.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(depth, model.parameters().Count(parameter => parameter.dim() > 1)); // layers with weights
    }

    [Theory]
    [InlineData(2)]
    [InlineData(18)]
    [InlineData(21)]
    [InlineData(-4)]
    public void OfDepth_ThatIsNot6nPlus2_IsRefused(int depth) =>
        Assert.Contains(
            "6n + 2",
            Assert.Throws<ArgumentOutOfRangeException>(() => ResNetOptions.OfDepth(depth)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(64, ResNetStem.Small)]
    [InlineData(224, ResNetStem.Large)]
    [InlineData(1, ResNetStem.Small)]
    [InlineData(1, ResNetStem.Large)]
    [InlineData(57, ResNetStem.Large)]
    public void Forward_TakesImagesOfAnySize(int side, ResNetStem stem)
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.ResNet(new ResNetOptions { BlockCounts = [1, 1, 1], Stem = stem });
        model.eval();
        Assert.Equal([2, 10], model.call(rand(2, 3, side, side + 2)).shape);
    }

    [Fact]
    public void Forward_RefusesOtherChannels_AndSaysWhereTheyStandLast()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.ResNet(new ResNetOptions { BlockCounts = [1], Widths = [4] });
        Assert.Contains(
            "[batch, 3, height, width] but received [2, 1, 32, 32]",
            Assert.Throws<ShapeMismatchException>(() => model.call(rand(2, 1, 32, 32))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "permute(0, 3, 1, 2)",
            Assert.Throws<ShapeMismatchException>(() => model.call(rand(2, 32, 32, 3))).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => model.call(rand(2, 3, 8, 8, ScalarType.Float64)));
    }

    [Fact]
    public void InitialWeights_AreThoseOfThePaper()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.ResNet(ResNetOptions.ResNet18() with { Seed = 1 });
        foreach (var (name, parameter) in model.named_parameters().Where(entry => entry.parameter.dim() == 4))
        {
            double expected = Math.Sqrt(2.0 / (parameter.size(0) * parameter.size(2) * parameter.size(3)));
            double found = parameter.std().ToDouble();
            Assert.True(Math.Abs(found - expected) < 0.05 * expected, $"{name}: {found:g4}, expected {expected:g4}");
        }

        foreach (
            var (name, parameter) in model.named_parameters().Where(entry => entry.name.Contains("bn", StringComparison.Ordinal))
        )
        {
            double value = name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0;
            Assert.True(parameter.eq(value).all().item<bool>(), name);
        }
    }

    [Fact]
    public void Seed_FixesTheWeights_AndLeavesTheGlobalGeneratorAlone()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var expected = rand(4);
        manual_seed(5);
        using var one = VisionModels.ResNet(new ResNetOptions { Seed = 3 });
        Assert.True(rand(4).eq(expected).all().item<bool>());
        using var same = VisionModels.ResNet(new ResNetOptions { Seed = 3 });
        foreach (var (first, second) in one.parameters().Zip(same.parameters()))
        {
            TensorAssert.Identical(first, second, "weight");
        }
    }

    [Fact]
    public void Built_WithinADisposeScope_OutlivesIt()
    {
        ResNet model;
        using (NewDisposeScope())
        {
            model = VisionModels.ResNet(
                new ResNetOptions
                {
                    BlockCounts = [1, 1],
                    Widths = [4, 8],
                    Shortcut = ResNetShortcut.Projection,
                }
            );
        }

        using (model)
        {
            using var scope = NewDisposeScope();
            model.call(rand(2, 3, 8, 8)).sum().backward();
            Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));
        }
    }

    [Fact]
    public void Summary_ListsEveryBlock_AndBothCallsOfItsRelu()
    {
        using var model = VisionModels.ResNet(new ResNetOptions { BlockCounts = [1, 2], Widths = [4, 8] });
        var summary = model.Summary();
        Assert.Equal([1, 3, 32, 32], summary.InputShape);
        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), summary.ParameterCount);
        var rows = summary.Layers.ToDictionary(row => row.Name);
        Assert.Equal(2, rows["layer2.1.relu"].CallCount);
        Assert.Equal([1, 8, 16, 16], rows["layer2.0.downsample"].OutputShape);
        Assert.All(summary.Layers, row => Assert.NotNull(row.MultiplyAdds));
    }
}
