using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>What a file of a model is refused for beside its description, and what is left open: nothing.</summary>
[Collection("Torch")]
public sealed class ModelFileEdgesTests : IDisposable
{
    private static readonly MlpOptions Small = new()
    {
        InputShape = [2],
        HiddenSizes = [3],
        ClassCount = 2,
    };

    private readonly TempFolder _folder = new();

    private string Path => _folder["model.safetensors"];

    public void Dispose()
    {
        FileSystem.Instead.Value = null;
        _folder.Dispose();
    }

    [Fact]
    public void NullAndEmpty_AreNamed()
    {
        using var model = TinyModel.Create();
        var description = ModelDescription.Of(model);
        Assert.Equal("model", Parameter(() => ModelFile.Save(null!, Path, description)));
        Assert.Equal("description", Parameter(() => ModelFile.Save(model, Path, (ModelDescription)null!)));
        Assert.Equal("create", Parameter(() => ModelFile.Load(Path, null!)));
        foreach (string path in new[] { "", " " })
        {
            Assert.Equal("path", Assert.Throws<ArgumentException>(() => ModelFile.Describe(path)).ParamName);
        }

        static string? Parameter(Action call) => Assert.Throws<ArgumentNullException>(call).ParamName;
    }

    [Fact]
    public void DescriptionOfAnotherModel_IsRefusedWithWhatDiffers()
    {
        using var model = VisionModels.Mlp(Small);
        using var other = VisionModels.Mlp(Small with { HiddenSizes = [4] });
        using var own = TinyModel.Create();
        const string advice = "Take ModelDescription.Of(model) and change what you need. (Parameter 'description')";
        Assert.Equal(
            $"The description is of a model 'mlp' with other options, but the model is 'mlp'. {advice}",
            Refusal(model, other)
        );
        Assert.Equal($"The description is of a model 'mlp', but the model is 'custom:Sequential'. {advice}", Refusal(own, model));
        Assert.False(File.Exists(Path));

        string Refusal(nn.Module<Tensor, Tensor> saved, nn.Module<Tensor, Tensor> described) =>
            Assert.Throws<ArgumentException>(() => ModelFile.Save(saved, Path, ModelDescription.Of(described))).Message;
    }

    [Fact]
    public void WeightsOfAnotherDtype_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.Mlp(Small);
        Safetensors.Write(
            Path,
            model.state_dict().Select(entry => KeyValuePair.Create(entry.Key, entry.Value.detach().to_type(ScalarType.Int64))),
            ModelMetadata.Of(ModelDescription.Of(model))
        );
        var error = Assert.Throws<InvalidDataException>(() => ModelFile.Load(Path));
        Assert.IsType<WeightsMismatchException>(error.InnerException);
        Assert.Contains(
            "fc1.bias is Int64 [3] in the file and Float32 [3] in the model",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void OptionsThatFitTheWeights_AndAreOutOfRange_AreRefused()
    {
        using var model = VisionModels.Mlp(Small);
        var description = ModelDescription.Of(model);
        description.Options!["dropout"] = 1;
        Safetensors.Write(Path, model.state_dict(), ModelMetadata.Of(description));
        string message = Assert.Throws<InvalidDataException>(() => ModelFile.Load(Path)).Message;
        Assert.StartsWith($"The options in '{Path}' cannot be used: ", message, StringComparison.Ordinal);
        Assert.Contains("Dropout", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadedModel_IsInEvaluationMode()
    {
        using var model = TinyModel.Create();
        ModelFile.Save(model, Path);
        var built = TinyModel.Create(seed: 2);
        built.train();
        using var loaded = ModelFile.Load(Path, _ => built);
        Assert.Same(built, loaded.Model);
        Assert.False(loaded.Model.training);
        Assert.All(loaded.Model.modules(), module => Assert.False(module.training));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void File_IsClosed(bool isSound)
    {
        using var model = TinyModel.Create();
        ModelFile.Save(model, Path);
        if (!isSound)
        {
            File.WriteAllText(Path, "no such file");
        }

        var files = new Noting();
        FileSystem.Instead.Value = files;
        if (isSound)
        {
            ModelFile.Describe(Path);
        }
        else
        {
            Assert.Throws<InvalidDataException>(() => ModelFile.Describe(Path));
        }

        Assert.NotEmpty(files.Opened);
        Assert.All(files.Opened, file => Assert.False(file.CanRead));
    }

    private sealed class Noting : FileSystem
    {
        public List<Stream> Opened { get; } = [];

        public override Stream Open(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 4096)
        {
            Opened.Add(base.Open(path, mode, access, share, bufferSize));
            return Opened[^1];
        }
    }
}
