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
}
