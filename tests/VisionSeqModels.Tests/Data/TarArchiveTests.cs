using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

public sealed class TarArchiveTests
{
    private static readonly Dictionary<string, long> Sizes = new() { ["a.bin"] = 3, ["b.bin"] = 2 };

    [Fact]
    public void Sound_GivesTheWantedFilesOnly()
    {
        using var folder = new TempFolder();
        string archive = Write(folder, File("set/a.bin", 3), File("set/readme.html", 9), File("set/b.bin", 2));

        TarArchive.Extract(archive, folder["out"], "set", Sizes);

        Assert.Equal(
            ["a.bin", "b.bin"],
            Directory.GetFiles(folder["out/set"]).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)
        );
        Assert.Single(Directory.GetFileSystemEntries(folder["out"]));
    }

    [Theory]
    [InlineData("../a.bin")]
    [InlineData("set/../../a.bin")]
    [InlineData("/tmp/a.bin")]
    [InlineData("set/sub/a.bin")]
    [InlineData("set/..")]
    [InlineData("set\\..\\a.bin")]
    [InlineData("other/a.bin")]
    public void PathOutsideTheFolder_IsRefused(string name) =>
        AssertRefused("outside its folder", File(name, 3), File("set/b.bin", 2));

    [Fact]
    public void Link_IsRefused() =>
        AssertRefused(
            "no plain file but a SymbolicLink",
            new PaxTarEntry(TarEntryType.SymbolicLink, "set/a.bin") { LinkName = "/etc/passwd" },
            File("set/b.bin", 2)
        );

    [Fact]
    public void WrongSizeMissingOrTwice_IsRefused()
    {
        AssertRefused("has 4 bytes instead of 3", File("set/a.bin", 4), File("set/b.bin", 2));
        AssertRefused("lacks b.bin", File("set/a.bin", 3));
        AssertRefused("twice", File("set/a.bin", 3), File("set/a.bin", 3), File("set/b.bin", 2));
        AssertRefused("more than 100 entries", [.. Enumerable.Range(0, 101).Select(i => File($"set/{i}", 1))]);
    }

    /// <summary>20 kB that unpack to 20 MB, where 1 MB is enough for all that the archive should have.</summary>
    [Fact]
    public void FileThatUnpacksToFarMore_IsLeftAtTheLimit()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(
            "unpacks to more than 1,048,581 bytes",
            File("set/readme.html", 20_000_000),
            File("set/a.bin", 3),
            File("set/b.bin", 2)
        );
        // the 20 MB that the archive was made of, and little besides
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 20_000_000, 25_000_000);
    }

    /// <summary>An extended header would be read as a whole before its purpose is known.</summary>
    [Fact]
    public void HeaderThatClaimsAGigabyte_TakesNoGigabyte()
    {
        using var folder = new TempFolder();
        string archive = Write(folder, new PaxTarEntry(TarEntryType.RegularFile, "set/a.bin", [new("comment", "x")]));
        byte[] bytes = Unpacked(archive);
        Encoding.ASCII.GetBytes("07777777777").CopyTo(bytes, 124); // the size of the extended header: 1 GB
        int sum = bytes.Take(512).Sum(value => value) - bytes.Skip(148).Take(8).Sum(value => value) + (8 * ' ');
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(bytes, 148);
        using (var gzip = new GZipStream(System.IO.File.Create(archive), CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
            gzip.Write(new byte[3_000_000]);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => TarArchive.Extract(archive, folder["out"], "set", Sizes));
        Assert.Contains("unpacks to more than", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    private static byte[] Unpacked(string archive)
    {
        using var content = new MemoryStream();
        using var gzip = new GZipStream(System.IO.File.OpenRead(archive), CompressionMode.Decompress);
        gzip.CopyTo(content);
        return content.ToArray();
    }

    private static void AssertRefused(string message, params TarEntry[] entries)
    {
        using var folder = new TempFolder();
        string archive = Write(folder, entries);
        var error = Assert.Throws<InvalidDataException>(() => TarArchive.Extract(archive, folder["out"], "set", Sizes));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder["out"]));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Root).Length); // the archive and the empty folder
    }

    private static PaxTarEntry File(string name, int length) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(new byte[length]) };

    private static string Write(TempFolder folder, params TarEntry[] entries)
    {
        string path = folder["archive.tar.gz"];
        using var gzip = new GZipStream(System.IO.File.Create(path), CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip);
        foreach (var entry in entries)
        {
            tar.WriteEntry(entry);
        }

        return path;
    }
}
