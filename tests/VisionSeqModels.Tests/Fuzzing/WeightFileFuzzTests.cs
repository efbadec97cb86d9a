using System.Text;
using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Tests.Checkpoints;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Fuzzing;

/// <summary>Damaged files of PyTorch and damaged descriptions give what they hold or InvalidDataException; no tensor is left
/// behind.</summary>
[Collection("Torch")]
public sealed class WeightFileFuzzTests(ITestOutputHelper output)
{
    /// <summary>Files of both formats, whole.</summary>
    [Fact]
    public void FileOfPyTorch_Damaged()
    {
        string[] names = ["model", "views", "checkpoint", "views_legacy", "checkpoint_legacy", "protocol4"];
        using var folder = new TempFolder();
        Unharmed(
            [.. names.Select(name => File.ReadAllBytes(PyTorchFiles.PathOf("sound", name + ".pth")))],
            bytes =>
            {
                File.WriteAllBytes(folder["any.pth"], bytes);
                Read(folder["any.pth"], bytes.Length);
            }
        );
    }

    /// <summary>Damaged pickles in sound zip files: the damage reaches the interpreter each time.</summary>
    [Fact]
    public void PickleOfPyTorch_Damaged()
    {
        byte[][] pickles =
        [
            .. Enumerable.Repeat(PyTorchFiles.SoundPickle, 100),
            .. PyTorchFiles.Malicious.Select(one => one.Bytes),
        ];
        using var folder = new TempFolder();
        Unharmed(
            pickles,
            bytes =>
            {
                PyTorchFiles.WriteZip(folder["any.pth"], bytes);
                Read(folder["any.pth"], bytes.Length + 1000);
            }
        );
    }

    [Fact]
    public void Description_Damaged()
    {
        using var folder = new TempFolder();
        using var model = SequenceModels.Gru(new RecurrentOptions { HiddenSize = 2, InputSize = 3 });
        var description = ModelDescription.Of(model) with
        {
            ClassNames = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")],
            ImageShape = [1, 4, 3],
            Normalization = ImageNormalization.Mnist,
            Preparation = new ImagePreparation
            {
                Channels = 1,
                Height = 4,
                Width = 3,
            },
            FeatureNames = ["x", "y"],
            Features = new FeatureNormalization { Mean = [1, 2], StandardDeviation = [3, 4] },
            Targets = new FeatureNormalization { Mean = [1], StandardDeviation = [2] },
        };
        byte[] text = Encoding.UTF8.GetBytes(ModelDescriptionJson.Write(description));
        Unharmed(
            [text, text],
            bytes =>
            {
                var metadata = new Dictionary<string, string> { ["visionseqmodels"] = Encoding.UTF8.GetString(bytes) };
                Safetensors.Write(folder["any"], model.state_dict(), metadata);
                using var loaded = ModelFile.Load(folder["any"]);
                Assert.Equal(12 + 18 + 12 + 30, loaded.Model.parameters().Sum(parameter => parameter.numel()));
            },
            usual: 500
        );
    }

    private static void Read(string path, int length)
    {
        using var read = PyTorchFile.Read(path, entry: null);
        Assert.NotEmpty(read.Tensors);
        foreach (var tensor in read.Tensors.Values)
        {
            using var sum = tensor.sum(); // every element is there to be read
            Assert.True(tensor.numel() * tensor.element_size() <= length);
        }
    }

    private void Unharmed(byte[][] sound, Action<byte[]> read, int usual = 1000)
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        new Fuzz(output).Read(sound, read, e => e is InvalidDataException, usual);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
