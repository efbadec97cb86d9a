using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VisionSeqModels.Checkpoints;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>The bounds of a zip file of PyTorch, and that none of its records is compressed.</summary>
[Collection("Torch")]
public sealed class PyTorchArchiveTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder["any.pth"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("archive/data.pkl")]
    [InlineData("archive/byteorder")]
    [InlineData("archive/data/0")]
    public void OneCompressedRecord_IsRefused(string name)
    {
        WriteWithCompressed(name: null);
        using (var content = PyTorchFile.Read(File, entry: null))
        {
            Assert.Equal(["weight"], content.Tensors.Keys);
        }

        WriteWithCompressed(name);
        Assert.Contains("it is compressed", Refusal(), StringComparison.Ordinal);
    }

    /// <summary>Only the list of the records says that the pickle is so large: nothing of it is read.</summary>
    [Fact]
    public void Pickle_HasAtMost64MiB()
    {
        const int most = 1 << 26;
        PyTorchFiles.WriteZip(File, PyTorchFiles.SoundPickle);
        byte[] file = System.IO.File.ReadAllBytes(File);
        int record = file.AsSpan().IndexOf("PK\u0001\u0002"u8);
        foreach (int size in (int[])[most, most + 1])
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(record + 20), size);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(record + 24), size);
            System.IO.File.WriteAllBytes(File, file);
            string message = Refusal();
            Assert.Equal(
                size > most,
                message.Contains($"its pickle has {size} bytes; the most is {most}.", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void Storages_TakeAtMostTheBytesOfTheFile()
    {
        PyTorchFiles.WriteZip(File, Bytes(0));
        int length = (int)new FileInfo(File).Length;
        PyTorchFiles.WriteZip(File, Bytes(length));
        Assert.Equal(length, new FileInfo(File).Length);
        Assert.Contains(
            $"its storage '0' has 16 bytes, but its {length} elements of dtype Byte need {length}.",
            Refusal(),
            StringComparison.Ordinal
        );
        PyTorchFiles.WriteZip(File, Bytes(length + 1));
        Assert.Contains($"its storages take {length + 1} bytes, but the file has {length}.", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stream_StaysOpen()
    {
        using var stream = new MemoryStream(PyTorchFiles.Zip(PyTorchFiles.SoundPickle));
        using var content = PyTorchFile.Read(stream, "any.pth", entry: null);
        Assert.True(stream.CanRead);
    }

    /// <summary>The pickle of four bytes of a storage of so many.</summary>
    private static byte[] Bytes(int storage)
    {
        byte[] number = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, storage);
        return Encoding.Latin1.GetBytes(
            Encoding
                .Latin1.GetString(PyTorchFiles.SoundPickle)
                .Replace("FloatStorage", "ByteStorage", StringComparison.Ordinal)
                .Replace("K\u0004tQ", $"J{Encoding.Latin1.GetString(number)}tQ", StringComparison.Ordinal)
        );
    }

    private void WriteWithCompressed(string? name)
    {
        using var file = System.IO.File.Create(File);
        using var archive = new ZipArchive(file, ZipArchiveMode.Create);
        foreach (
            var (entry, content) in (IEnumerable<(string, byte[])>)
                [
                    ("archive/data.pkl", PyTorchFiles.SoundPickle),
                    ("archive/byteorder", "little"u8.ToArray()),
                    ("archive/data/0", new byte[16]),
                ]
        )
        {
            using var stream = archive
                .CreateEntry(entry, entry == name ? CompressionLevel.SmallestSize : CompressionLevel.NoCompression)
                .Open();
            stream.Write(content);
        }
    }

    private string Refusal() => Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(File, entry: null).Dispose()).Message;
}
