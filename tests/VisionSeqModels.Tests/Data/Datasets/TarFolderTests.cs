using System.Formats.Tar;
using System.IO.Compression;
using VisionSeqModels.Core;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Datasets;

/// <summary>What an archive may have beside the wanted files, and what a killed program left of one.</summary>
public sealed class TarFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        FileSystem.Instead.Value = null;
        _folder.Dispose();
    }

    [Theory]
    [InlineData("set/", "set/a.bin")]
    [InlineData("set", "set/a.bin")]
    [InlineData("./set/", "./set/a.bin")]
    public void TheFolderItself_MayBeAnEntry_AndPathsMayBeginWithADot(string folder, string file)
    {
        Extract(new PaxTarEntry(TarEntryType.Directory, folder), NewFile(file));
        Assert.Equal([0, 0, 0], File.ReadAllBytes(_folder["out/set/a.bin"]));
    }

    [Theory]
    [InlineData(TarEntryType.Directory, "other", "no plain file but a Directory")]
    [InlineData(TarEntryType.Directory, "set/inner", "no plain file but a Directory")]
    [InlineData(TarEntryType.Fifo, "set", "no plain file but a Fifo")]
    [InlineData(TarEntryType.RegularFile, "set", "outside its folder 'set'")]
    public void AnythingElse_IsRefused(TarEntryType type, string name, string expected)
    {
        string message = Assert
            .Throws<InvalidDataException>(() => Extract(new PaxTarEntry(type, name), NewFile("set/a.bin")))
            .Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["out"]));
    }

    [Fact]
    public void FilesAndNames_AreFlushed_BeforeAndAfterTheFolderIsNamed()
    {
        using var disk = new DiskLog();
        Extract(NewFile("set/a.bin"));
        string[] steps = [.. disk.Steps.SkipWhile(step => step != "flush a.bin")];
        Assert.Equal(4, steps.Length);
        Assert.StartsWith("flush folder .set-", steps[1], StringComparison.Ordinal);
        Assert.Equal(["rename folder to set", "flush folder out"], steps[2..]);
    }

    [Fact]
    public void WhatAKilledProgramLeft_GoesAfterAnHour()
    {
        Leave(".set-old", 61);
        Leave(".set-young", 59);
        Leave(".other-old", 61);
        Leave("set-old", 61);
        Extract(NewFile("set/a.bin"));
        Assert.Equal([".other-old", ".set-young", "set", "set-old"], Entries());
    }

    [Fact]
    public void ALeftoverThatCannotGo_IsLeftThere()
    {
        Leave(".set-1", 90);
        Leave(".set-2", 90);
        FileSystem.Instead.Value = new Keeps(new IOException("in use"), ".set-1");
        Extract(NewFile("set/a.bin"));
        Assert.Equal([".set-1", "set"], Entries());
        Directory.Delete(_folder["out/set"], recursive: true);
        FileSystem.Instead.Value = new Keeps(new UnauthorizedAccessException("another's"), ".set-1");
        Extract(NewFile("set/a.bin"));
        Assert.Equal([".set-1", "set"], Entries());
    }

    private string[] Entries() =>
        [.. Directory.GetFileSystemEntries(_folder["out"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private void Leave(string name, int minutes)
    {
        Directory.CreateDirectory(_folder[$"out/{name}"]);
        File.WriteAllText(_folder[$"out/{name}/a.bin"], "");
        Directory.SetLastWriteTimeUtc(_folder[$"out/{name}"], DateTime.UtcNow.AddMinutes(-minutes));
    }

    private void Extract(params TarEntry[] entries)
    {
        using (var tar = new TarWriter(new GZipStream(File.Create(_folder["set.tar.gz"]), CompressionLevel.Fastest)))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        TarArchive.Extract(_folder["set.tar.gz"], _folder["out"], "set", new Dictionary<string, long> { ["a.bin"] = 3 });
    }

    private static PaxTarEntry NewFile(string name) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(new byte[3]) };

    /// <summary>A disk that does not delete one folder.</summary>
    private sealed class Keeps(Exception fault, string name) : FileSystem
    {
        public override void DeleteFolder(string path, bool recursive)
        {
            if (Path.GetFileName(path) == name)
            {
                throw fault;
            }

            base.DeleteFolder(path, recursive);
        }
    }
}
