using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Core;

public sealed class FileSystemTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>As where two programs make a folder at once, or the answer of a network drive is lost.</summary>
    [Fact]
    public void FolderThatWasMadeAllTheSame_IsThere()
    {
        var files = new Unsure();
        files.CreateFolder(_folder["a/b"]);
        Assert.True(Directory.Exists(_folder["a/b"]));
        Assert.Equal([_folder["a"], _folder["a/b"]], files.Made);
    }

    [Fact]
    public void FolderBelowAFile_IsAnError()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.Throws<IOException>(() => FileSystem.Current.CreateFolder(_folder["file/inside"]));
    }

    [Fact]
    public void EmptyFolder_IsOneWithoutFilesAndFolders()
    {
        var files = FileSystem.Current;
        Assert.True(files.IsEmpty(_folder["missing"]));
        files.CreateFolder(_folder["one/two"]);
        Assert.False(files.IsEmpty(_folder["one"]));
        Assert.True(files.IsEmpty(_folder["one/two"]));
        File.WriteAllText(_folder["one/two/file"], "");
        Assert.False(files.IsEmpty(_folder["one/two"]));
    }

    [Fact]
    public void FolderWrittenAt_IsTheTimeOfItsLastNewEntry()
    {
        var files = FileSystem.Current;
        var old = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        Directory.SetLastWriteTimeUtc(_folder.Root, old);
        Assert.Equal(old, files.FolderWrittenAt(_folder.Root));
        File.WriteAllText(_folder["new"], "");
        Assert.True(files.FolderWrittenAt(_folder.Root) > old);
    }

    [Fact]
    public void BytesTextAndLines_AreThoseOfTheFile_AlsoWhileAnotherWritesAndDeletesIt()
    {
        var files = FileSystem.Current;
        File.WriteAllText(_folder["file"], "ä\nb\n\nc");
        using var writing = new FileStream(
            _folder["file"],
            FileMode.Open,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete
        );

        Assert.Equal("ä\nb\n\nc"u8, files.ReadAllBytes(_folder["file"]));
        Assert.Equal("ä\nb\n\nc", files.ReadAllText(_folder["file"]));
        Assert.Equal(["ä", "b", "", "c"], files.ReadLines(_folder["file"]));
        using var reading = files.OpenRead(_folder["file"]);
        files.Delete(_folder["file"]);
        Assert.False(File.Exists(_folder["file"]));
        Assert.Equal('\u00c3', (char)reading.ReadByte());
    }

    /// <summary>An unflushed entry could be lost with the power, and all that is in the folder with it.</summary>
    [Fact]
    public void EachNewFolder_IsFlushedIntoTheOneAbove()
    {
        var files = new Noting();
        files.CreateFolder(_folder["a/b"]);
        files.CreateFolder(_folder["a/b"]);
        Assert.Equal([_folder.Root, _folder["a"]], files.Flushed);
    }

    [Fact]
    public void WholeFile_IsFlushedBeforeItsName_AndTheFolderAfterIt()
    {
        var files = new Noting();
        FileSystem.Instead.Value = files;
        try
        {
            AtomicFile.WriteAllText(_folder["file"], "one");
            AtomicFile.Write(_folder["file"], stream => stream.Write("two"u8), keepAs: _folder["kept"]);
        }
        finally
        {
            FileSystem.Instead.Value = null;
        }

        Assert.Equal(["flush", "file", _folder.Root, "flush", "kept", "file", _folder.Root], files.Flushed);
        Assert.Equal("one", File.ReadAllText(_folder["kept"]));
        Assert.Equal("two", File.ReadAllText(_folder["file"]));
    }

    [Fact]
    public void Leftovers_AreRemoved_AndNothingElse()
    {
        string[] others = ["file", "file.tmp", "notes-old.tmp", "a.1-1234567.tmp", "a.1-1234567x.tmp", "a.1-12345678.tmp2"];
        foreach (string name in (string[])[.. others, "file.1a2b-12345678.tmp"])
        {
            File.WriteAllText(_folder[name], "");
        }

        AtomicFile.RemoveLeftovers(_folder.Root);
        Assert.Equal(others.Order(), Directory.GetFiles(_folder.Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void TemporaryFolder_IsNewAndEmpty()
    {
        string path = FileSystem.Current.CreateTemporaryFolder("visionseq-test-");
        try
        {
            Assert.StartsWith("visionseq-test-", Path.GetFileName(path), StringComparison.Ordinal);
            Assert.True(FileSystem.Current.IsEmpty(path));
        }
        finally
        {
            FileSystem.Current.DeleteFolder(path, recursive: false);
        }
    }

    /// <summary>Makes each folder, and says that it failed.</summary>
    private sealed class Unsure : FileSystem
    {
        public List<string> Made { get; } = [];

        protected override void MakeFolder(string path)
        {
            base.MakeFolder(path);
            Made.Add(path);
            throw new IOException("the answer was lost");
        }
    }

    /// <summary>Notes what is brought to the disk, and what gets its name.</summary>
    private sealed class Noting : FileSystem
    {
        public List<string> Flushed { get; } = [];

        public override void Flush(Stream stream)
        {
            base.Flush(stream);
            Flushed.Add("flush");
        }

        public override bool FlushFolder(string path)
        {
            Flushed.Add(path);
            return base.FlushFolder(path);
        }

        public override void Rename(string path, string target)
        {
            base.Rename(path, target);
            Flushed.Add(Path.GetFileName(target));
        }
    }
}
