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

    /// <summary>Nothing of the weights that the model was made with is in it.</summary>
    [Fact]
    public void FirstWeights_AreTheMean_ToTheBit()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Linear(1, 1, hasBias: false);
        Set(model, 1e8f);
        using var moments = new WeightMoments(model);
        Set(model, 0.1f);
        moments.Add(model);
        Assert.Equal(0.1f, moments.Mean["weight"].item<float>());
        Assert.Equal(0f, moments.Deviation()["weight"].item<float>());
    }

    [Fact]
    public void WholeNumbers_AreThoseOfTheLastTime()
    {
        using var scope = NewDisposeScope();
        using var model = nn.BatchNorm1d(1);
        using var moments = new WeightMoments(model);
        foreach (int batches in new[] { 5, 9 })
        {
            model.get_buffer("num_batches_tracked")!.fill_(batches);
            moments.Add(model);
            Assert.Equal(batches, moments.Mean["num_batches_tracked"].item<long>());
        }

        Assert.DoesNotContain("num_batches_tracked", moments.Deviation().Keys);
    }

    private static void Set(TorchSharp.Modules.Linear model, float value)
    {
        using var noGradients = no_grad();
        model.weight!.fill_(value);
    }
}
