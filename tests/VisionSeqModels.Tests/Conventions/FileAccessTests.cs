namespace VisionSeqModels.Tests.Conventions;

/// <summary>Files are changed through one type, <c>FileSystem</c>: so a fault can be put into each call
/// (docs/reliability.md).</summary>
public sealed class FileAccessTests
{
    /// <summary>Who calls what, and why it is no change of a file.</summary>
    private static readonly Dictionary<string, string> Named = new()
    {
        ["FolderDecoder calls File.OpenHandle"] = "reads a picture, piece by piece",
    };

    private static readonly string[] Assemblies =
    [
        typeof(Trainer).Assembly.Location,
        Path.Combine(AppContext.BaseDirectory, "VisionSeqModels.Mpi.dll"),
        Path.Combine(AppContext.BaseDirectory, "VisionSeqModels.PostgreSql.dll"),
    ];

    [Fact]
    public void NothingButFileSystem_OpensFilesForWriting_OrChangesFolders() =>
        Assert.Equal(
            Named.Keys.Order(StringComparer.Ordinal),
            Assemblies
                .SelectMany(FileChanges.In)
                .Where(use => use.User != "FileSystem")
                .Select(use => $"{use.User} calls {use.Method}")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    /// <summary>The check above can fail: it sees what FileSystem itself calls.</summary>
    [Fact]
    public void TheCheck_SeesChangesOfFiles()
    {
        string[] seen = [.. FileChanges.In(Assemblies[0]).Where(use => use.User == "FileSystem").Select(use => use.Method)];
        Assert.All(
            ["FileStream..ctor", "File.Move", "File.Delete", "Directory.Move", "Directory.Delete", "Directory.CreateDirectory"],
            method => Assert.Contains(method, seen)
        );
    }
}
