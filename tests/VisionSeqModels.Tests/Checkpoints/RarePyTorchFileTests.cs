using System.Text;
using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>What other versions of Python and PyTorch write, and files that are almost PyTorch's.</summary>
[Collection("Torch")]
public sealed class RarePyTorchFileTests : IDisposable
{
    private const string Rest = "\u0089ccollections\nOrderedDict\n)RtRs.";
    private static readonly string Sound = Encoding.Latin1.GetString(PyTorchFiles.SoundPickle);

    private readonly TempFolder _folder = new();

    private string File => _folder["any.pth"];

    public void Dispose() => _folder.Dispose();

    /// <summary>A tensor is made with hooks, with metadata, or without both.</summary>
    [Theory]
    [InlineData(Rest)]
    [InlineData("tRs.")]
    [InlineData("\u0089NtRs.")]
    [InlineData("\u0089}}tRs.")]
    [InlineData("\u0089NNtRs.")]
    [InlineData("\u0089ccollections\nOrderedDict\n)R0ccollections\nOrderedDict\n(](K\u0001K\u0002lat\u0052tRs.")]
    public void TensorWithNothingElse_IsRead(string rest) => Assert.Equal(["weight"], Names(rest));

    [Theory]
    [InlineData("\u0089tRs.", "makes a Tensor with arguments")]
    [InlineData("\u0089NNNtRs.", "makes a Tensor with arguments")]
    [InlineData("\u0089K\u0001tRs.", "makes a Tensor with arguments")]
    [InlineData("\u0089}K\u0001K\u0002stRs.", null)]
    [InlineData("\u0089}X\u0001\0\0\0ax\u0001stRs.", "operation")]
    [InlineData("\u0089}X\u0001\0\0\0aK\u0001stRs.", "makes a Tensor with arguments")]
    [InlineData("\u0089N}X\u0001\0\0\0aK\u0001stRs.", "makes a Tensor with arguments")]
    [InlineData("\u0089ccollections\nOrderedDict\n(]K\u0001atRtRs.", "a dict of something other than pairs")]
    [InlineData("j\u0009\0\0\0tRs.", "takes the kept value 9")]
    [InlineData("K\u0001K\u0002\u0093tRs.", "names something by what is no text")]
    [InlineData("K\u0001K\u0002RtRs.", "calls what cannot be called")]
    [InlineData("K\u0001K\u0002btRs.", "sets the state of something other than a dict")]
    public void TensorWithSomethingElse_IsRefused(string rest, string? says)
    {
        if (says is null)
        {
            Assert.Equal(["weight"], Names(rest)); // values under numbers are not kept
            return;
        }

        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => Names(rest)).Message, StringComparison.Ordinal);
    }

    /// <summary>Python's LIST, and what takes a value with a number of four bytes.</summary>
    [Fact]
    public void OlderOperations_AreRead()
    {
        string kept = Sound.Replace("K\u0004\u0085", "K\u0004\u0085r\0\0\0\00j\0\0\0\0", StringComparison.Ordinal);
        Assert.NotEqual(Sound, kept);
        PyTorchFiles.WriteZip(File, Encoding.Latin1.GetBytes(kept));
        Assert.Equal(["weight"], Read());
        PyTorchFiles.WriteZip(
            File,
            Encoding.Latin1.GetBytes(Sound.Replace("}X\u0006", "}(K\u0001lK\u0002s(K\u0001K\u0002l0X\u0006"))
        );
        Assert.Contains("neither a text nor a number", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void OldTarFile_AndAnythingElse_AreNamed()
    {
        byte[] tar = new byte[300];
        "ustar"u8.CopyTo(tar.AsSpan(257));
        System.IO.File.WriteAllBytes(File, tar);
        Assert.Contains("a tar file of a PyTorch before 0.2", Refusal(), StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(File, "some text"u8.ToArray());
        Assert.Contains("begins like none of PyTorch's files", Refusal(), StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(File, []);
        Assert.Contains("begins like none of PyTorch's files", Refusal(), StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(File, [(byte)'P', (byte)'K', 5, 6, .. new byte[18]]); // a zip file of nothing
        Assert.Contains("without the data.pkl", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void ByteOrder_IsThatOfTheFile()
    {
        Assert.Equal(1f, First("little", [0, 0, 0x80, 0x3f]));
        Assert.Equal(1f, First("big", [0x3f, 0x80, 0, 0]));
    }

    [Fact]
    public void LegacyFileOfAnotherVersion_OrWithoutItsList_IsNamed()
    {
        PyTorchFiles.WriteLegacy(File, PyTorchFiles.SoundPickle);
        byte[] sound = System.IO.File.ReadAllBytes(File);
        Assert.Equal(["weight"], Read());
        byte[] version = [.. sound];
        version[18]++; // of the second pickle
        System.IO.File.WriteAllBytes(File, version);
        Assert.Contains("another version of the format before PyTorch 1.6", Refusal(), StringComparison.Ordinal);
        byte[] list = [.. sound];
        int at = sound.AsSpan().IndexOf((byte[])[0x80, 0x02, 0x5d, 0x58]);
        Assert.True(at > 0);
        System.IO.File.WriteAllBytes(File, [.. sound[..at], 0x80, 2, (byte)'N', (byte)'.', .. new byte[24]]);
        Assert.Contains("lacks the list of its storages", Refusal(), StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(File, [.. sound[..at], 0x80, 2, (byte)']', (byte)'.', .. new byte[24]]);
        Assert.Contains("its list of storages is not that of its tensors", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void BoolsOtherThanZeroAndOne_AreRefused()
    {
        byte[] pickle = Encoding.Latin1.GetBytes(Sound.Replace("FloatStorage", "BoolStorage", StringComparison.Ordinal));
        PyTorchFiles.WriteZip(File, [("archive/data.pkl", pickle), ("archive/data/0", [0, 1, 1, 0]), ("archive/x", new byte[9])]);
        Assert.Equal(["weight"], Read());
        PyTorchFiles.WriteZip(File, [("archive/data.pkl", pickle), ("archive/data/0", [0, 1, 2, 0]), ("archive/x", new byte[9])]);
        Assert.Contains("a byte other than 0 and 1", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void LongNames_AreCutInMessages()
    {
        string name = "archive/../" + new string('x', 200);
        PyTorchFiles.WriteZip(File, [("archive/data.pkl", PyTorchFiles.SoundPickle), (name, [1])]);
        Assert.Contains($"'{name[..100]}'", Refusal(), StringComparison.Ordinal);
        string key = new('k', 120);
        string pickle = Sound.Replace("X\u0001\0\0\00X", $"X\u0078\0\0\0{key}X", StringComparison.Ordinal);
        PyTorchFiles.WriteZip(File, Encoding.Latin1.GetBytes(pickle));
        Assert.Contains($"its storage '{key[..100]}' is missing", Refusal(), StringComparison.Ordinal);
    }

    private float First(string order, byte[] one)
    {
        PyTorchFiles.WriteZip(
            File,
            [
                ("archive/data.pkl", PyTorchFiles.SoundPickle),
                ("archive/data/0", [.. one, .. new byte[12]]),
                ("archive/byteorder", Encoding.ASCII.GetBytes(order)),
            ]
        );
        using var scope = NewDisposeScope();
        using var content = PyTorchFile.Read(File, entry: null);
        return content.Tensors["weight"][0].item<float>();
    }

    private List<string> Names(string rest)
    {
        Assert.EndsWith(Rest, Sound, StringComparison.Ordinal);
        PyTorchFiles.WriteZip(File, Encoding.Latin1.GetBytes(Sound[..^Rest.Length] + rest));
        return Read();
    }

    private List<string> Read()
    {
        using var content = PyTorchFile.Read(File, entry: null);
        return [.. content.Tensors.Keys];
    }

    private string Refusal() => Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(File, entry: null).Dispose()).Message;
}
