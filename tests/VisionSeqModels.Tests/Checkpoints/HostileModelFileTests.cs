using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>What a file says of its model is data: it chooses among the builders, within the sizes of its own weights.</summary>
[Collection("Torch")]
public sealed class HostileModelFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("not json", "is not sound")]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("""{}""", "it has no number 'format'")]
    [InlineData("""{"format":"1","architecture":"lenet"}""", "it has no number 'format'")]
    [InlineData("""{"format":1}""", "architecture")]
    [InlineData("""{"format":1,"architecture":null}""", "is not sound")]
    [InlineData("""{"format":1,"architecture":""}""", "Architecture must be the name of a builder")]
    [InlineData("""{"format":1,"architecture":"lenet","architecture":"gru"}""", "is not sound")]
    [InlineData(
        """{"format":2,"architecture":"lenet","library_version":"9.0.0"}""",
        "it has the format 2, and this version reads format 1. It was written by version 9.0.0"
    )]
    [InlineData(
        """{"format":1,"architecture":"lenet","tokenizer":"x","library_version":"9.0.0"}""",
        "it has the unknown key 'tokenizer'. It was written by version 9.0.0"
    )]
    [InlineData("""{"format":1,"architecture":"vit","library_version":"9"}""", "architecture 'vit', but this version builds")]
    [InlineData("""{"format":1,"architecture":"System.Diagnostics.Process"}""", "architecture 'System.Diagnostics.Process'")]
    [InlineData("""{"format":1,"architecture":"LeNet"}""", "names the architecture 'LeNet'")]
    [InlineData("""{"format":1,"architecture":"lenet"}""", "The options of the model 'lenet'")]
    [InlineData("""{"format":1,"architecture":"lenet","options":[]}""", "is not sound")]
    [InlineData("""{"format":1,"architecture":"lenet","options":{"$type":"System.Object"}}""", "'$type'")]
    [InlineData("""{"format":1,"architecture":"lenet","options":{"plugin":"a.dll"}}""", "'plugin'")]
    [InlineData("""{"format":1,"architecture":"lenet","options":{"fc1_size":"many"}}""", "The options of the model 'lenet'")]
    [InlineData("""{"format":1,"architecture":"lenet","options":{"fc1_size":1e99}}""", "The options of the model 'lenet'")]
    [InlineData("""{"format":1,"architecture":"lenet","class_names":[]}""", "ClassNames must be")]
    [InlineData("""{"format":1,"architecture":"lenet","class_names":["a",null]}""", "ClassNames must be")]
    [InlineData("""{"format":1,"architecture":"lenet","image_shape":[3,100000,100000]}""", "ImageShape must be")]
    [InlineData("""{"format":1,"architecture":"lenet","image_shape":[2147483647,2147483647,2147483647]}""", "ImageShape must be")]
    [InlineData("""{"format":1,"architecture":"lenet","normalization":{"mean":[0],"standard_deviation":[0]}}""", "above 0")]
    [InlineData("""{"format":1,"architecture":"lenet","normalization":{"mean":["NaN"],"standard_deviation":[1]}}""", "finite")]
    [InlineData("""{"format":1,"architecture":"lenet","preparation":{"height":2147483647}}""", "Height must be")]
    [InlineData(
        """{"format":1,"architecture":"lenet","preparation":{"height":32,"width":32},"image_shape":[1,32,32]}""",
        "Preparation must be of the channels, height and width 1, 32, 32"
    )]
    [InlineData("""{"format":1,"architecture":"lenet","features":{"mean":[0,0],"standard_deviation":[1]}}""", "Features.")]
    [InlineData("""{"format":1,"architecture":"lenet","class_names":["\ud800"]}""", "is not sound")]
    public void UnsoundDescription_IsRefusedInASentence(string description, string says)
    {
        Write(description);
        string message = Assert.Throws<InvalidDataException>(() => ModelFile.Load(Path)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.Contains(Path, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lenet", "fc1_size", "fc1.weight of shape [1000000000, 400], but the file has it with [120, 400]")]
    [InlineData("lenet", "conv2_channels", "conv2.weight of shape [1000000000, 6, 5, 5]")]
    [InlineData("lenet", "image_height", "the weight fc1.weight of shape")]
    [InlineData("lenet", "kernel_size", "ask for")]
    [InlineData("lstm", "hidden_size", "rnn.weight_ih_l0 of shape [4000000000, 28]")]
    [InlineData("lstm", "layers", "rnn.weight_ih_l1 of shape [512, 128], but the file lacks it")]
    [InlineData("lstm", "class_count", "fc.weight of shape [1000000000, 128]")]
    public void OptionsThatAskForABillion_AreRefusedBeforeAnythingIsAllocated(string architecture, string option, string says)
    {
        using (var scope = NewDisposeScope())
        {
            nn.Module model = architecture == "lenet" ? VisionModels.LeNet() : SequenceModels.Lstm();
            Write($$"""{"format":1,"architecture":"{{architecture}}","options":{"{{option}}":1000000000} }""", model);
            model.Dispose();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<InvalidDataException>(() => ModelFile.Load(Path)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 5_000_000);
    }

    [Theory]
    [InlineData("fc1_size", -5)]
    [InlineData("kernel_size", 0)]
    [InlineData("image_width", int.MinValue)]
    [InlineData("class_count", int.MaxValue)]
    public void OptionsOutOfRange_AreRefused(string option, int value)
    {
        using var model = VisionModels.LeNet();
        Write($$"""{"format":1,"architecture":"lenet","options":{"{{option}}":{{value}} } }""", model);
        Assert.Throws<InvalidDataException>(() => ModelFile.Load(Path));
    }

    [Fact]
    public void FileWithoutADescription_StillLoadsIntoAModel()
    {
        using var scope = NewDisposeScope();
        var model = TinyModel.Create();
        model.SaveWeights(Path);
        Assert.True(TinyModel.Create(seed: 2).LoadWeights(Path).IsComplete);
        string message = Assert.Throws<InvalidDataException>(() => ModelFile.Load(Path)).Message;
        Assert.Contains("does not say which model its weights are of", message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ModelFile.Load(Path, _ => TinyModel.Create()));
    }

    [Fact]
    public void FileOfPyTorch_IsSentToLoadWeights()
    {
        PyTorchFiles.WriteZip(_folder["w.pth"], PyTorchFiles.SoundPickle);
        string message = Assert.Throws<InvalidDataException>(() => ModelFile.Load(_folder["w.pth"])).Message;
        Assert.Contains("is a file of PyTorch", message, StringComparison.Ordinal);
    }

    private void Write(string description, nn.Module? model = null)
    {
        using var scope = NewDisposeScope();
        var tensors = model?.state_dict() ?? new Dictionary<string, Tensor> { ["a"] = ones(2) };
        Safetensors.Write(Path, tensors, new Dictionary<string, string> { ["visionseqmodels"] = description });
    }
}
