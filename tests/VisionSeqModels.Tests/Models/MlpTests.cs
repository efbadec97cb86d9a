using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Models;

/// <summary>The multilayer perceptron beyond its known answers.</summary>
[Collection("Torch")]
public sealed class MlpTests
{
    [Fact]
    public void Parameters_HaveTheNamesThatPyTorchsUsersWrite()
    {
        using var model = VisionModels.Mlp(new MlpOptions { HiddenSizes = [7, 6, 5], Dropout = 0.5 });
        Assert.Equal(
            ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias", "fc4.weight", "fc4.bias"],
            model.named_parameters().Select(entry => entry.name)
        );
        Assert.Equal(
            ["fc1", "activation1", "dropout1", "fc2", "activation2", "dropout2", "fc3", "activation3", "dropout3", "fc4"],
            model.Summary().Layers.Select(row => row.Name)
        );
    }

    [Fact]
    public void Forward_TakesFlatSamplesToo_AndRefusesOthers()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.Mlp(
            new MlpOptions
            {
                InputShape = [3, 4, 5],
                HiddenSizes = [6],
                ClassCount = 4,
            }
        );
        var images = rand(2, 3, 4, 5);
        TensorAssert.Identical(model.call(images), model.call(images.flatten(1)), "outputs");
        foreach (long[] shape in new long[][] { [2, 4, 3, 5], [2, 59], [60], [2, 3, 20] })
        {
            Assert.Contains(
                "samples of shape [batch, 3, 4, 5] but received",
                Assert.Throws<ShapeMismatchException>(() => model.call(rand(shape))).Message,
                StringComparison.Ordinal
            );
        }

        Assert.Throws<ArgumentException>(() => model.call(images.to_type(ScalarType.Float64)));
    }

    [Fact]
    public void Dropout_ActsInTrainingAlone()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.Mlp(new MlpOptions { Dropout = 0.5, Seed = 1 });
        var images = rand(2, 1, 28, 28);
        Assert.False(model.call(images).eq(model.call(images)).all().item<bool>());
        model.eval();
        TensorAssert.Identical(model.call(images), model.call(images), "outputs");
    }
}
