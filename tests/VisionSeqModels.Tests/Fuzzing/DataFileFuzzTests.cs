using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using VisionSeqModels.Data;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Fuzzing;

/// <summary>Damaged data files give their content or a DatasetFormatException; damaged archives give whole files or
/// nothing.</summary>
[Collection("Torch")]
public sealed class DataFileFuzzTests(ITestOutputHelper output)
{
    private static readonly byte[] Images = Idx([2, 2, 3], 12);
    private static readonly byte[] Labels = Idx([12], 12);

    [Fact]
    public void Idx_Plain() => ReadIdx([Images, Labels], "any");

    [Fact]
    public void Idx_DamagedInsideItsGzip() => ReadIdx([Images, Labels], "any.gz", Pack);

    [Fact]
    public void Idx_DamagedGzip() => ReadIdx([Pack(Images), Pack(Labels)], "any.gz");

    [Fact]
    public void IdxPair_Plain() => ReadPair("", bytes => bytes);

    [Fact]
    public void IdxPair_DamagedInsideItsGzip() => ReadPair(".gz", Pack);

    [Fact]
    public void MappedImages_DamagedImages() =>
        Map((folder, bytes) => File.WriteAllBytes(folder["images"], bytes), Idx([2, 2, 3], 12), Idx([2, 2, 1, 3], 12));

    [Fact]
    public void MappedImages_DamagedLabels() => Map((folder, bytes) => File.WriteAllBytes(folder["labels"], bytes), Idx([2], 2));

    [Fact]
    public void Cifar10File_Damaged()
    {
        using var folder = new TempFolder();
        byte[] sound = new byte[2 * 3073];
        byte[] pixels = new byte[2 * Cifar10File.ImageBytes];
        long[] labels = new long[2];
        sound[3073] = 9;
        new Fuzz(output).Read(
            [sound, [9, .. sound[1..]]],
            bytes =>
            {
                File.WriteAllBytes(folder["any.bin"], bytes);
                Cifar10File.Read(folder["any.bin"], 2, pixels, labels);
                Assert.All(labels, label => Assert.InRange(label, 0, 9));
            },
            e => e is DatasetFormatException
        );
    }

    [Fact]
    public void Tar_DamagedInsideItsGzip() =>
        Extract([Tar(TarEntryFormat.Ustar), Tar(TarEntryFormat.Pax), Tar(TarEntryFormat.Gnu)], Pack);

    [Fact]
    public void Tar_DamagedGzip() => Extract([Pack(Tar(TarEntryFormat.Ustar)), Pack(Tar(TarEntryFormat.Pax))], bytes => bytes);

    private void ReadIdx(byte[][] sound, string name, Func<byte[], byte[]>? pack = null)
    {
        using var folder = new TempFolder();
        string path = folder[name];
        new Fuzz(output).Read(
            sound,
            bytes =>
            {
                File.WriteAllBytes(path, pack?.Invoke(bytes) ?? bytes);
                using var file = IdxFile.Open(path, [3], DatasetFormatException.Replace);
                file.Require(2, 2, 3);
                file.Read(new byte[12]);
            },
            e => e is DatasetFormatException
        );
    }

    private void ReadPair(string suffix, Func<byte[], byte[]> pack)
    {
        using var folder = new TempFolder();
        byte[][] sound = [Idx([2, 2, 3], 12), Idx([2, 2, 1, 3], 12), Idx([2], 2)];
        var (images, labels) = (folder["images" + suffix], folder["labels" + suffix]);
        new Fuzz(output).Read(
            [sound[0], sound[1], sound[2]],
            bytes =>
            {
                bool isLabels = bytes.Length > 3 && bytes[3] == 1;
                File.WriteAllBytes(images, pack(isLabels ? sound[0] : bytes));
                File.WriteAllBytes(labels, pack(isLabels ? bytes : sound[2]));
                using var data = ImageDataset.FromIdx("any", images, labels, ["a", "b"]);
                Assert.Equal(2, data.Count);
            },
            e => e is DatasetFormatException
        );
    }

    private void Map(Action<TempFolder, byte[]> write, params byte[][] sound)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["images"], Idx([2, 2, 3], 12));
        File.WriteAllBytes(folder["labels"], Idx([2], 2));
        new Fuzz(output).Read(
            sound,
            bytes =>
            {
                write(folder, bytes);
                using var images = MemoryMappedImageDataset.Open("any", folder["images"], folder["labels"], ["a", "b"]);
                using var scope = NewDisposeScope();
                Assert.Equal(2, images.Read(new BatchRequest { BatchSize = 2 }).Single().Inputs.shape[0]);
            },
            e => e is DatasetFormatException
        );
    }

    private void Extract(byte[][] sound, Func<byte[], byte[]> pack)
    {
        using var folder = new TempFolder();
        var sizes = new Dictionary<string, long> { ["a.bin"] = 3, ["b.bin"] = 2 };
        string archive = folder["archive.tar.gz"];
        string target = folder["out"];
        new Fuzz(output).Read(
            sound,
            bytes =>
            {
                File.WriteAllBytes(archive, pack(bytes));
                try
                {
                    TarArchive.Extract(archive, target, "set", sizes);
                    Assert.Equal([3, 2], sizes.Keys.Select(name => new FileInfo(Path.Combine(target, "set", name)).Length));
                    Assert.Equal([Path.Combine(target, "set")], Directory.GetFileSystemEntries(target));
                    Directory.Delete(target, recursive: true);
                }
                catch (InvalidDataException)
                {
                    Assert.Empty(Directory.GetFileSystemEntries(target));
                    throw;
                }
            },
            e => e is InvalidDataException
        );
    }

    private static byte[] Tar(TarEntryFormat format)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var (name, length) in new[] { ("set/a.bin", 3), ("set/readme.html", 600), ("set/b.bin", 2) })
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    _ => new PaxTarEntry(TarEntryType.RegularFile, name, [new("comment", new string('x', 300))]),
                };
                entry.DataStream = new MemoryStream(new byte[length]);
                tar.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }

    private static byte[] Idx(int[] sizes, int content)
    {
        byte[] bytes = new byte[4 + (4 * sizes.Length) + content];
        bytes[2] = 8;
        bytes[3] = (byte)sizes.Length;
        for (int i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return bytes;
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
