using VisionSeqModels.Visualization;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>What a map of DeepLIFT or LRP does not explain is said: it sums to what it should, or it carries a warning, or
/// there is a refusal.</summary>
[Collection("Torch")]
public sealed class ZooCompletenessTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => Animals.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void DeepLift_SumsToTheRise_OrNamesWhatItDoesNotCover(string name) =>
        Check(name, "DeepLIFT", (model, images) => Attribution.DeepLift(model, images), 1e-4);

    [Theory]
    [MemberData(nameof(Names))]
    public void Lrp_SumsToTheScore_OrNamesWhatItDoesNotCover(string name) =>
        Check(
            name,
            "LRP",
            (model, images) => Attribution.Lrp(model, images, new() { Epsilon = 1e-9, ConvolutionRule = LrpRule.Gamma }),
            1e-3
        );

    [Theory]
    [InlineData("reused ReLU")]
    [InlineData("float64")]
    public void DeepLiftAndLrp_AreTheSameInPlace(string name)
    {
        using var scope = NewDisposeScope();
        using var plain = Animals.Make(name);
        using var inPlace = Animals.Make($"{name} in place");
        var images = Animals.Images(plain, 2);
        Assert.Equal(
            Attribution.DeepLift(plain, images).SelectMany(map => map.Values),
            Attribution.DeepLift(inPlace, images).SelectMany(map => map.Values)
        );
        Assert.Equal(
            Attribution.Lrp(plain, images).SelectMany(map => map.Values),
            Attribution.Lrp(inPlace, images).SelectMany(map => map.Values)
        );
    }

    private void Check(
        string name,
        string method,
        Func<nn.Module<Tensor, Tensor>, Tensor, IReadOnlyList<AttributionMap>> run,
        double tolerance
    )
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var images = Animals.Images(model, 3);
        IReadOnlyList<AttributionMap> maps;
        try
        {
            maps = run(model, images);
        }
        catch (InvalidOperationException e)
        {
            output.WriteLine($"{method} of {name}: {e.Message}");
            Assert.True(!model.ReachesInput || model.AllRelusAreModules != true, e.Message);
            return;
        }

        double gap = maps.Max(map => Math.Abs(map.ConvergenceDelta!.Value) / (Math.Abs(map.Score) + 0.01));
        output.WriteLine($"{method} of {name}: gap {gap:g2}, {maps[0].Warning}");
        Assert.True(maps[0].Warning is not null || gap < tolerance, $"{method} of {name}: gap {gap:g2} without a warning");
    }
}
