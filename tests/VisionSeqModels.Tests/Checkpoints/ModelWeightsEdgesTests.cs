using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>Models without weights, averages that are gone, and calls without what they need.</summary>
[Collection("Torch")]
public sealed class ModelWeightsEdgesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder["w.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Null_IsNamed()
    {
        using var model = nn.ReLU();
        nn.Module none = null!;
        Assert.Equal("model", Assert.Throws<ArgumentNullException>(() => none.SaveWeights(Path)).ParamName);
        Assert.Equal("model", Assert.Throws<ArgumentNullException>(() => none.LoadWeights(Path)).ParamName);
        Assert.Equal(
            "options",
            Assert.Throws<ArgumentNullException>(() => model.LoadWeights(Path, (LoadWeightsOptions)null!)).ParamName
        );
    }

    [Fact]
    public void ModelsWithoutWeights_WriteNothing()
    {
        using var empty = nn.ReLU();
        using var gone = new Gone();
        var disposed = VisionModels.Mlp(new MlpOptions { InputShape = [2], HiddenSizes = [] });
        disposed.Dispose();
        foreach (var model in (nn.Module[])[empty, gone, disposed])
        {
            Assert.Equal(
                $"The model '{model.GetType().Name}' has no weights to save: it has none, or it was disposed. '{Path}' was not "
                    + "written.",
                Assert.Throws<InvalidOperationException>(() => model.SaveWeights(Path)).Message
            );
            Assert.False(File.Exists(Path));
        }
    }

    [Fact]
    public void AverageOfWhichATensorIsGone_IsNotWritten()
    {
        using var whole = zeros(1);
        var gone = zeros(1);
        gone.Dispose();
        var tensors = new Dictionary<string, Tensor> { ["a"] = whole, ["b"] = gone };
        Assert.Equal(
            $"The average has no weights to save: it has none, or it was disposed. '{Path}' was not written.",
            Assert
                .Throws<InvalidOperationException>(() =>
                    ModelWeights.Write("average", tensors, new HashSet<string>(), Path, new Dictionary<string, string>())
                )
                .Message
        );
    }

    [Fact]
    public void FileWithoutTensors_FitsAModelWithoutWeights()
    {
        Safetensors.Write(Path, []);
        using var model = nn.ReLU();
        Assert.True(model.LoadWeights(Path).IsComplete);
    }

    [Fact]
    public void Options_AreStrictByDefault()
    {
        using var weight = zeros(1, 1);
        Safetensors.Write(Path, [new("weight", weight)]);
        using var model = nn.Linear(1, 1);
        Assert.Throws<WeightsMismatchException>(() => model.LoadWeights(Path, new LoadWeightsOptions()));
        Assert.Equal(["bias"], model.LoadWeights(Path, new LoadWeightsOptions { Strict = false }).Missing);
    }

    /// <summary>As TorchSharp's modules do that ask libtorch for their weights.</summary>
    private sealed class Gone() : nn.Module(nameof(Gone))
    {
        public override Dictionary<string, Tensor> state_dict(
            Dictionary<string, Tensor>? destination = null,
            string? prefix = null
        ) => throw new ObjectDisposedException(nameof(Gone));
    }
}
