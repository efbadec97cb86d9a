using System.IO.Compression;
using System.Xml.Linq;

namespace VisionSeqModels.Tests;

public sealed class PackageContentTests(PackedLibrary library) : IClassFixture<PackedLibrary>
{
    [Fact]
    public void Package_HasTheLibraryItsDocumentationAndTheBuildStep_AndNoNativeBinary()
    {
        using var package = ZipFile.OpenRead(library.PackageFile);
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];

        Assert.Superset(
            new HashSet<string>
            {
                "README.md", "lib/net10.0/VisionSeqModels.dll", "lib/net10.0/VisionSeqModels.xml", "buildTransitive/VisionSeqModels.targets",
                "buildTransitive/FixLibTorchSharp.cs",
            },
            files.ToHashSet());
        Assert.DoesNotContain(files, file => file.StartsWith("runtimes/", StringComparison.Ordinal) || file.EndsWith(".so", StringComparison.Ordinal));
        Assert.True(new FileInfo(library.PackageFile).Length < 1_000_000);
    }

    [Fact]
    public void Package_DependsOnTheFewDocumentedPackagesOnly()
    {
        using var package = ZipFile.OpenRead(library.PackageFile);
        using var stream = package.GetEntry("VisionSeqModels.nuspec")!.Open();
        var nuspec = XDocument.Load(stream);

        string[] dependencies = [.. nuspec.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value)
            .Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["Microsoft.Extensions.Logging.Abstractions", "ScottPlot", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies", "TorchSharp"], dependencies);
        Assert.Equal("MIT", nuspec.Descendants().Single(element => element.Name.LocalName == "license").Value);
    }
}
