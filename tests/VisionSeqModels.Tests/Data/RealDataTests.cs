using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>Looks at the published files where the environment variable VISIONSEQ_DATA names the folder that has them.</summary>
[Collection("Torch")]
public sealed class RealDataTests
{
    private static string? Folder => Environment.GetEnvironmentVariable("VISIONSEQ_DATA");

    [RealDataFact]
    public void Cifar10_IsThePublishedOne()
    {
        using var data = Cifar10.Load(Folder);
        using var scope = NewDisposeScope();

        Assert.Equal([50_000, 3, 32, 32], data.Train.Pixels.shape);
        Assert.Equal(10_000, data.Test.Count);
        Assert.All(data.Train.Labels.bincount(null, 10).data<long>().ToArray(), count => Assert.Equal(5000, count));
        Assert.All(data.Test.Labels.bincount(null, 10).data<long>().ToArray(), count => Assert.Equal(1000, count));
        var mean = data.Train.Pixels.to_type(ScalarType.Float32).mean([0, 2, 3]) / 255;
        Assert.True(mean.allclose(tensor(new[] { 0.4914f, 0.4822f, 0.4465f }), atol: 5e-4));
    }

    [RealDataFact]
    public void Mnist_IsThePublishedOne()
    {
        using var data = Mnist.Load(Folder, new DatasetOptions { TrainLimit = 1000 });
        using var scope = NewDisposeScope();

        Assert.Equal([5, 0, 4, 1, 9], data.Train.Labels.narrow(0, 0, 5).data<long>().ToArray());
        Assert.Equal(1000, data.Train.Count);
        Assert.Equal(10_000, data.Test.Count);
    }
}
