using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>The summary of each model of the zoo lists what ran.</summary>
[Collection("Torch")]
public sealed class ZooSummaryTests
{
    public static TheoryData<string> Names => Animals.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Summary_ListsEachLayerWithItsCalls_AndCountsEachParameterOnce(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var summary = model.Summary([2, .. model.ImageShape]);
        var given = new ReferencePass(model, Animals.Images(model, 2)).Given;
        foreach (var layer in given.Where(entry => !entry.Key.Contains('#', StringComparison.Ordinal)))
        {
            var row = summary.Layers.Single(row => row.Name == layer.Key);
            Assert.Equal(layer.Value.shape, row.OutputShape);
            Assert.Equal(given.Keys.Count(key => key.Split('#')[0] == layer.Key), row.CallCount);
        }

        var distinct = model.parameters().Distinct(ReferenceEqualityComparer.Instance).Cast<TorchSharp.Modules.Parameter>();
        Assert.Equal(distinct.Sum(parameter => parameter.numel()), summary.ParameterCount);
    }

    [Fact]
    public void Summary_IsInRunOrder_WithKernelsAndMultiplyAdds()
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make("declared out of order");
        var summary = model.Summary(1, 3, 10, 10);
        Assert.Equal(["conv1", "relu1", "conv2", "relu2", "fc"], summary.Layers.Select(layer => layer.Name));
        // outputs × inputs of each: 6·8·8 × 3·3·3, 8·6·6 × 6·3·3, 4 × 288
        Assert.Equal([384 * 27, 0, 288 * 54, 0, 4 * 288], summary.Layers.Select(layer => layer.MultiplyAdds));
        Assert.Equal([3, 3], summary.Layers[0].KernelSize);
        Assert.Contains("3×3", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SharedWeight_CountsOnce_AndSaysSo()
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make("tied weights and a cache");
        var again = model.Summary(1, 3, 10, 10).Layers.Single(layer => layer.Name == "again");
        Assert.Equal((0, true, 1), (again.ParameterCount, again.SharesParameters, again.CallCount));
    }

    [Fact]
    public void Tree_PutsWhatIsWithinAModuleBelowIt()
    {
        using var model = nn.Sequential(("block", nn.Sequential(("fc", nn.Linear(4, 3)))), ("unused", nn.Identity()));
        string[] lines = model.Summary(2, 4).ToString().Split('\n');
        Assert.StartsWith("block", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("  fc", lines[3], StringComparison.Ordinal);
        Assert.Contains("[2, 3]", lines[3], StringComparison.Ordinal);
    }
}
