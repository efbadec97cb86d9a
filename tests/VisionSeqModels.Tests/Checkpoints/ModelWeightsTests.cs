using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

[Collection("Torch")]
public sealed class ModelWeightsTests
{
    [Fact]
    public void SaveLoad_GivesTheSameOutputs()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        using var saved = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        using var loaded = VisionModels.LeNet(new LeNetOptions { Seed = 2 });
        var images = rand(2, 3, 32, 32);

        saved.SaveWeights(folder["w.safetensors"]);
        var report = loaded.LoadWeights(folder["w.safetensors"]);

        Assert.True(report.IsComplete);
        TensorAssert.Identical(saved.call(images), loaded.call(images), "logits");
    }

    [Fact]
    public void LoadWeights_InsideACallersScope_LeavesAModelThatWorksAfterIt()
    {
        using var folder = new TempFolder();
        using var source = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        source.SaveWeights(folder["w.safetensors"]);
        nn.Module<Tensor, Tensor> model;
        using (NewDisposeScope())
        {
            model = VisionModels.LeNet(new LeNetOptions { Seed = 2 });
            model.LoadWeights(folder["w.safetensors"]);
        }

        using var scope = NewDisposeScope();
        var images = rand(2, 3, 32, 32);
        TensorAssert.Identical(source.call(images), model.call(images), "logits");
        model.Dispose();
    }

    [Fact]
    public void LoadWeights_OfAnotherModel_NamesEveryTensorAndChangesNone()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        using var small = VisionModels.LeNet(new LeNetOptions { Fc1Size = 64, Seed = 1 });
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 2 });
        var before = model.state_dict()["conv1.weight"].clone();
        small.SaveWeights(folder["w.safetensors"]);

        var error = Assert.Throws<WeightsMismatchException>(() => model.LoadWeights(folder["w.safetensors"]));

        Assert.Contains("fc1.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("[64, 400]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[120, 400]", error.Message, StringComparison.Ordinal);
        TensorAssert.Identical(before, model.state_dict()["conv1.weight"], "conv1.weight");
    }

    [Fact]
    public void LoadWeights_NotStrict_LoadsWhatFitsAndReportsTheRest()
    {
        using var folder = new TempFolder();
        using var small = VisionModels.LeNet(new LeNetOptions { Fc1Size = 64, Seed = 1 });
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 2 });
        small.SaveWeights(folder["w.safetensors"]);

        var report = model.LoadWeights(folder["w.safetensors"], strict: false);

        Assert.False(report.IsComplete);
        Assert.Contains("conv1.weight", report.Loaded);
        Assert.DoesNotContain("fc1.weight", report.Loaded);
        using var scope = NewDisposeScope();
        TensorAssert.Identical(small.state_dict()["conv1.weight"], model.state_dict()["conv1.weight"], "conv1.weight");
    }
}
