using System.Buffers.Binary;
using System.IO.Compression;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

public sealed class DatasetFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Idx_Sound_GivesItsBytes(bool packed)
    {
        using var folder = new TempFolder();
        string path = Write(folder, Idx([2, 3], 6), packed);
        Assert.Equal([0, 1, 2, 3, 4, 5], Read(path));
    }

    [Fact]
    public void Idx_Faults_AreNamed()
    {
        using var folder = new TempFolder();
        byte[] wrongMagic = Idx([2, 3], 6);
        wrongMagic[2] = 9;

        Assert.Contains("begins with 0x00000902", Fault(folder, wrongMagic), StringComparison.Ordinal);
        Assert.Contains("holds 2 x 4, but must hold 2 x 3", Fault(folder, Idx([2, 4], 8)), StringComparison.Ordinal);
        Assert.Contains("ends before", Fault(folder, Idx([2, 3], 5)), StringComparison.Ordinal);
        Assert.Contains("goes on after the 2 x 3 bytes", Fault(folder, Idx([2, 3], 7)), StringComparison.Ordinal);
        Assert.Contains("ends before", Fault(folder, [0, 0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Idx_DamagedGzip_IsNamed()
    {
        using var folder = new TempFolder();
        byte[] packed = Pack(Idx([2, 3], 6));

        Assert.Contains(
            "not a sound gzip file",
            Fault(folder, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20], ".gz"),
            StringComparison.Ordinal
        );
        Assert.NotEmpty(Fault(folder, packed[..^12], ".gz"));
    }

    [Fact]
    public void Idx_GzipThatUnpacksToFarMore_StopsAtThePromise()
    {
        using var folder = new TempFolder();
        byte[] bomb = Pack([.. Idx([2, 3], 6), .. new byte[50_000_000]]);
        Assert.True(bomb.Length < 100_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("goes on after", Fault(folder, bomb, ".gz"), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 5_000_000);
    }

    [Fact]
    public void Cifar10_Sound_GivesLabelsAndPixels()
    {
        using var folder = new TempFolder();
        byte[] bytes = new byte[3 * 3073];
        bytes[0] = 7;
        bytes[1] = 200;
        bytes[2 * 3073] = 9;
        File.WriteAllBytes(folder["b.bin"], bytes);
        byte[] pixels = new byte[3 * 3072];
        long[] labels = new long[3];

        Cifar10File.Read(folder["b.bin"], 3, pixels, labels);

        Assert.Equal([7, 0, 9], labels);
        Assert.Equal(200, pixels[0]);
    }

    [Fact]
    public void Cifar10_Faults_AreNamed()
    {
        using var folder = new TempFolder();
        byte[] badLabel = new byte[2 * 3073];
        badLabel[3073] = 11;

        Assert.Contains(
            "has 6,145 bytes, but must have 6,146 (2 images of 3,073 bytes)",
            CifarFault(folder, new byte[6145]),
            StringComparison.Ordinal
        );
        Assert.Contains("has 6,147 bytes", CifarFault(folder, new byte[6147]), StringComparison.Ordinal);
        Assert.Contains("label 11 at image 1", CifarFault(folder, badLabel), StringComparison.Ordinal);
        Assert.Contains(
            "is missing",
            Assert
                .Throws<DatasetNotFoundException>(() => Cifar10File.Read(folder["none.bin"], 2, new byte[2 * 3072], new long[2]))
                .Message,
            StringComparison.Ordinal
        );
    }

    private static byte[] Read(string path)
    {
        using var file = IdxFile.Open(path, [2], DatasetFormatException.Replace);
        file.Require(2, 3);
        byte[] content = new byte[6];
        file.Read(content);
        return content;
    }

    private static string CifarFault(TempFolder folder, byte[] bytes)
    {
        File.WriteAllBytes(folder["b.bin"], bytes);
        return Assert
            .Throws<DatasetFormatException>(() => Cifar10File.Read(folder["b.bin"], 2, new byte[2 * 3072], new long[2]))
            .Message;
    }

    private static string Fault(TempFolder folder, byte[] bytes, string ending = "")
    {
        string path = folder["fault" + ending];
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<DatasetFormatException>(() => Read(path));
        Assert.Equal(path, error.Path);
        return error.Message;
    }

    private static string Write(TempFolder folder, byte[] bytes, bool packed)
    {
        string path = folder[packed ? "f.gz" : "f"];
        File.WriteAllBytes(path, packed ? Pack(bytes) : bytes);
        return path;
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

        for (int i = 0; i < content; i++)
        {
            bytes[4 + (4 * sizes.Length) + i] = (byte)i;
        }

        return bytes;
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
