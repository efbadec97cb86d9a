using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>The models that the ranks train, and noise of the shape of their data.</summary>
internal static class RankModel
{
    public static readonly string[] Names = ["lenet", "resnet20", "gru"];
    private static readonly string[] Classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>The same initial weights each time.</summary>
    public static nn.Module<Tensor, Tensor> Create(string name) =>
        name switch
        {
            "lenet" => VisionModels.LeNet(new LeNetOptions { Seed = 1 }),
            "resnet20" => VisionModels.ResNet(new ResNetOptions { Seed = 1 }),
            "gru" => SequenceModels.Gru(new RecurrentOptions { Seed = 1 }),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such model."),
        };

    /// <summary>The same on every rank.</summary>
    public static ImageDataset Noise(string name, int count)
    {
        using var scope = NewDisposeScope();
        long[] shape = name == "gru" ? [count, 1, 28, 28] : [count, 3, 32, 32];
        var pixels = empty(shape, dtype: ScalarType.Byte);
        new Random(1).NextBytes(pixels.bytes);
        var labels = arange(count, dtype: ScalarType.Int64).remainder(10);
        return new ImageDataset("noise", pixels.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope(), Classes);
    }

    public static long ParametersOf(string name)
    {
        using var model = Create(name);
        return model.parameters().Sum(parameter => parameter.numel());
    }
}
