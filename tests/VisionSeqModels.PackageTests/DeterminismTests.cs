using System.IO.Compression;
using System.Security.Cryptography;

namespace VisionSeqModels.Tests;

/// <summary>Packed as on a build server, the same sources give the same bytes in any folder.</summary>
public sealed class DeterminismTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pack_InTwoFolders_GivesTheSameFiles()
    {
        var first = PackIn(_folder["here"]);
        var second = PackIn(_folder["somewhere else"]);

        Assert.Contains(".nupkg/lib/net10.0/VisionSeqModels.dll", first.Keys);
        Assert.Contains(".snupkg/lib/net10.0/VisionSeqModels.pdb", first.Keys);
        Assert.Equal(first.Keys, second.Keys);
        Assert.DoesNotContain(first.Keys, name => first[name] != second[name]);
    }

    /// <summary>The hash of every file in both packages.</summary>
    private static SortedDictionary<string, string> PackIn(string folder)
    {
        CopySources(folder);
        Dotnet.Run(
            folder,
            "pack",
            "src/VisionSeqModels",
            "-c",
            "Release",
            "-o",
            "packages",
            "-p:CI=true",
            "-p:RunAnalyzers=false",
            "--nologo",
            "-v",
            "quiet"
        );
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(Path.Combine(folder, "packages")))
        {
            using var package = ZipFile.OpenRead(file);
            foreach (var entry in package.Entries)
            {
                using var content = entry.Open();
                hashes[$"{Path.GetExtension(file)}/{entry.FullName}"] = Convert.ToHexString(SHA256.HashData(content));
            }
        }

        return hashes;
    }

    private static void CopySources(string folder)
    {
        string[] files =
        [
            .. Directory.GetFiles(PackedLibrary.Repository, "*", SearchOption.TopDirectoryOnly),
            .. new[] { "src", "build" }.SelectMany(name =>
                Directory.GetFiles(Path.Combine(PackedLibrary.Repository, name), "*", SearchOption.AllDirectories)
            ),
        ];
        foreach (string file in files)
        {
            string name = Path.GetRelativePath(PackedLibrary.Repository, file);
            if (name != ".git" && !name.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            {
                string copy = Path.Combine(folder, name);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }
}
