using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

[Collection("Torch")]
public sealed class WeightMomentsTests
{
    [Fact]
    public void MeanAndDeviation_AreThoseOfAllWeights_AlsoSavedAndLoadedBetween()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Linear(1, 1, hasBias: false);
        using var all = new WeightMoments(model);
        using var first = new WeightMoments(model);
        using var second = new WeightMoments(model);
        foreach (float value in new[] { 1f, 2, 6 })
        {
            Set(model, value);
            all.Add(model);
            if (value < 6)
            {
                first.Add(model);
            }
        }

        second.Load(first.Count, first.Save().ToDictionary(entry => entry.Key, entry => entry.Value.clone()));
        Assert.Equal(2, second.Count);
        second.Add(model);
        foreach (var moments in new[] { all, second })
        {
            Assert.Equal(3, moments.Count);
            Assert.Equal(["weight"], moments.Parameters);
            Assert.Equal(3f, moments.Mean["weight"].item<float>(), 1e-6f);
            Assert.Equal(MathF.Sqrt(14f / 3), moments.Deviation()["weight"].item<float>(), 1e-6f);
        }
    }

    private static void Set(TorchSharp.Modules.Linear model, float value)
    {
        using var noGradients = no_grad();
        model.weight!.fill_(value);
    }
}
