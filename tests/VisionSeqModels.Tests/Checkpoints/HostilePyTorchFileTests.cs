using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using VisionSeqModels.Checkpoints;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>Files that try to run code, to read elsewhere, or to exhaust memory or time are refused in a sentence.</summary>
[Collection("Torch")]
public sealed class HostilePyTorchFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Names => [.. PyTorchFiles.Malicious.Select(one => one.Name)];

    private string File => _folder["any.pth"];

    public void Dispose() => _folder.Dispose();

    /// <summary>The corpus has pickles of every way to name, to call and to build something.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void MaliciousPickle_IsRefused_InBothFormats(string name)
    {
        var one = PyTorchFiles.Malicious.Single(one => one.Name == name);
        foreach (bool isLegacy in new[] { false, true })
        {
            if (isLegacy)
            {
                PyTorchFiles.WriteLegacy(File, one.Bytes);
            }
            else
            {
                PyTorchFiles.WriteZip(File, one.Bytes);
            }

            string message = Refusal();
            Assert.StartsWith($"'{File}' cannot be read as a file of PyTorch: ", message, StringComparison.Ordinal);
            Assert.Contains((isLegacy ? null : one.Says) ?? "", message, StringComparison.Ordinal);
            Assert.DoesNotContain("\x1b", message, StringComparison.Ordinal);
            Assert.True(message.Length < 600, message);
        }

        Assert.Equal([File], Directory.GetFiles(_folder.Root));
    }

    [Theory]
    [InlineData("archive/data/0", "it has two entries 'archive/data/0'")]
    [InlineData("archive/data.pkl", "it has two entries 'archive/data.pkl'")]
    [InlineData("other/data.pkl", "it has two pickles 'data.pkl'")]
    [InlineData("../../etc/passwd", "'../../etc/passwd' is a path that leads out of it")]
    [InlineData("/etc/passwd", "'/etc/passwd' is a path that leads out of it")]
    [InlineData("archive\\data\\1", "is a path that leads out of it")]
    [InlineData("archive/code/__torch__.py", "it is a TorchScript program")]
    [InlineData("archive/constants.pkl", "it is a TorchScript program")]
    [InlineData("archive/byteorder", "its byte order is neither")]
    public void EntryThatDoesNotBelong_IsRefused(string name, string says)
    {
        PyTorchFiles.WriteZip(
            File,
            [("archive/data.pkl", PyTorchFiles.SoundPickle), ("archive/data/0", new byte[16]), (name, [1, 2, 3])]
        );
        Assert.Contains(says, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("archive/data.pkl", null, "its storage '0' is missing")]
    [InlineData("archive/data.pkl", 12, "its storage '0' has 12 bytes, but its 4 elements of dtype Float32 need 16")]
    [InlineData("archive/model.pkl", 16, "without the data.pkl")]
    [InlineData("data.pkl", 16, "without the data.pkl")]
    public void ArchiveThatIsNotWhole_IsRefused(string pickle, int? bytes, string says)
    {
        List<(string, byte[])> entries = [(pickle, PyTorchFiles.SoundPickle), ("archive/filler", new byte[100])];
        if (bytes is int count)
        {
            entries.Add(("archive/data/0", new byte[count]));
        }

        PyTorchFiles.WriteZip(File, entries);
        Assert.Contains(says, Refusal(), StringComparison.Ordinal);
    }

    /// <summary>A zip bomb: PyTorch never compresses, so nothing is unpacked.</summary>
    [Fact]
    public void CompressedArchive_IsRefused()
    {
        PyTorchFiles.WriteZip(
            File,
            [("archive/data.pkl", new byte[100_000_000]), ("archive/data/0", new byte[16])],
            CompressionLevel.SmallestSize
        );
        Assert.Contains("it is compressed", WithinBounds(), StringComparison.Ordinal);
    }

    /// <summary>A thousand storages that all claim the file's bytes would take a thousand times its size.</summary>
    [Fact]
    public void StoragesThatTakeMoreThanTheFile_AreRefused()
    {
        string pickle = System.Text.Encoding.Latin1.GetString(PyTorchFiles.SoundPickle);
        byte[] large = System.Text.Encoding.Latin1.GetBytes(
            pickle.Replace("K\u0004tQ", "J" + Latin(1 << 28) + "tQ", StringComparison.Ordinal)
        );
        PyTorchFiles.WriteZip(File, large);
        Assert.Contains("its storages take 1073741824 bytes, but the file has", WithinBounds(), StringComparison.Ordinal);
        PyTorchFiles.WriteLegacy(File, large);
        Assert.Contains("instead of 268435456 of dtype Float32", WithinBounds(), StringComparison.Ordinal);
    }

    /// <summary>What would take hours or gigabytes where one byte of the file makes much work.</summary>
    [Theory]
    [InlineData("deep lists")]
    [InlineData("marks")]
    [InlineData("billion laughs")]
    [InlineData("dicts of one list")]
    [InlineData("many texts")]
    [InlineData("equal hashes")]
    public void Bomb_EndsSoon_InLittleMemory(string kind)
    {
        const int count = 6_000_000;
        byte[] pickle = kind switch
        {
            "deep lists" => [0x80, 2, .. Repeat("]", count), .. Repeat("a", count - 1), (byte)'.'],
            "marks" => [0x80, 2, .. Repeat("(", count), (byte)'.'],
            "billion laughs" => Laughs(),
            "dicts of one list" => OneList(),
            "many texts" => [0x80, 2, (byte)'(', .. Repeat("X\0\0\0\0", count), (byte)'t', (byte)'.'],
            _ => EqualHashes(),
        };
        PyTorchFiles.WriteZip(File, pickle);
        WithinBounds();
    }

    private static string Latin(int number)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return System.Text.Encoding.Latin1.GetString(bytes);
    }

    private static byte[] Repeat(string text, int count) =>
        System.Text.Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(text, count)));

    /// <summary>Each dict holds the one before ten times.</summary>
    private static byte[] Laughs()
    {
        List<byte> pickle = [0x80, 2];
        for (int i = 0; i < 200; i++)
        {
            pickle.AddRange([(byte)'}', (byte)'q', (byte)i, (byte)'(']);
            for (int j = 0; j < 10; j++)
            {
                pickle.AddRange([(byte)'X', 1, 0, 0, 0, (byte)('a' + j)]);
                pickle.AddRange(i == 0 ? [(byte)'N'] : [(byte)'h', (byte)(i - 1)]);
            }

            pickle.AddRange([(byte)'u', .. i < 199 ? "0"u8.ToArray() : []]);
        }

        return [.. pickle, (byte)'.'];
    }

    /// <summary>A hundred thousand OrderedDicts, each made of one list of a hundred thousand pairs.</summary>
    private static byte[] OneList() =>
        [
            .. new byte[] { 0x80, 2, (byte)']', (byte)'(', (byte)'X', 1, 0, 0, 0, (byte)'a', (byte)'N', 0x86, (byte)'q', 0 },
            .. Repeat("h\0", 100_000),
            .. new byte[] { (byte)'e', (byte)'q', 1 },
            .. Repeat("ccollections\nOrderedDict\n(h\u0001tR0", 100_000),
            (byte)'.',
        ];

    /// <summary>A dict whose keys are numbers with one hash code in .NET.</summary>
    private static byte[] EqualHashes()
    {
        List<byte> pickle = [0x80, 2, (byte)'}', (byte)'('];
        byte[] key = new byte[sizeof(long)];
        for (int i = 1; i < 300_000; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(key, ((long)i << 32) | (uint)i);
            pickle.AddRange([0x8a, 8, .. key, (byte)'N']);
        }

        return [.. pickle, (byte)'u', (byte)'.'];
    }

    private string Refusal() => Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(File, entry: null)).Message;

    private string WithinBounds()
    {
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Refusal();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"took {watch.Elapsed}");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_500_000_000, "too much was allocated");
        return message;
    }
}
