using System.Buffers.Binary;
using System.Text;
using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>The format before PyTorch 1.6: its byte order, and storages that are not as the pickle says.</summary>
[Collection("Torch")]
public sealed class PyTorchLegacyFileTests
{
    private const string LittleEndian = "}X\u000d\0\0\0little_endian\u0088s.";
    private const string BigEndianAndMore = "}(X\u0001\0\0\0aK\u0001X\u000d\0\0\0little_endian\u0089X\u0001\0\0\0bK\u0002u.";

    [Fact]
    public void ByteOrder_IsOneOfManyEntriesOfTheSystem()
    {
        byte[] file = Encoding.Latin1.GetBytes(
            Encoding.Latin1.GetString(Sound()).Replace(LittleEndian, BigEndianAndMore, StringComparison.Ordinal)
        );
        BinaryPrimitives.WriteSingleBigEndian(file.AsSpan(file.Length - 16), 1.5f);
        using var scope = NewDisposeScope();
        using var content = Read(file);
        Assert.Equal([1.5f, 0, 0, 0], content.Tensors["weight"].data<float>().ToArray());
    }

    [Fact]
    public void StorageOfAnotherCount_OrThatIsCutOff_IsRefused()
    {
        byte[] sound = Sound();
        byte[] other = [.. sound];
        other[^24]++;
        Assert.Contains(
            "a storage of it has 5 elements in 16 bytes instead of 4 of dtype Float32.",
            Refusal(other),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a storage of it has 4 elements in 15 bytes instead of 4 of dtype Float32.",
            Refusal(sound[..^1]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TextThatShouldBeLongerThanTheFile_TakesNoMemory()
    {
        byte[] file = [0x80, 2, (byte)'X', 0, 0, 0, 0, (byte)'a'];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(3), 60_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("its pickle is cut off.", Refusal(file), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    private static byte[] Sound()
    {
        using var folder = new TempFolder();
        PyTorchFiles.WriteLegacy(folder["sound.pth"], PyTorchFiles.SoundPickle);
        return File.ReadAllBytes(folder["sound.pth"]);
    }

    private static WeightsContent Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return PyTorchFile.Read(stream, "any.pth", entry: null);
    }

    private static string Refusal(byte[] file) => Assert.Throws<InvalidDataException>(() => Read(file).Dispose()).Message;
}
