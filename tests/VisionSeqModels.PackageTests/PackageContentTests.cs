using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VisionSeqModels.Tests;

[Collection(PackedCollections.Docs)]
public sealed partial class PackageContentTests(Packed packed)
{
    /// <summary>The whole content: nothing native, nothing of the machine that made it.</summary>
    [Fact]
    public void Package_HasTheLibraryItsDocumentationAndTheBuildStep_AndNothingElse()
    {
        using var package = ZipFile.OpenRead(packed.Library.PackageFile);
        string[] files = [.. package.Entries.Select(entry => entry.FullName).Where(IsOurs).Order(StringComparer.Ordinal)];

        Assert.Equal(
            [
                "README.md",
                "VisionSeqModels.nuspec",
                "buildTransitive/net10.0/FixLibTorchSharp.cs",
                "buildTransitive/net10.0/VisionSeqModels.targets",
                "icon.png",
                "lib/net10.0/VisionSeqModels.dll",
                "lib/net10.0/VisionSeqModels.xml",
            ],
            files
        );
        Assert.True(new FileInfo(packed.Library.PackageFile).Length < 1_500_000); // 1.05 MB as written; libtorch has 461
    }

    /// <summary>A package page shows no relative link and no relative picture.</summary>
    [Theory]
    [InlineData("https://github.com/someone/vision.git", "https://github.com/someone/vision/blob/abc123/docs/options.md")]
    [InlineData("https://git.example.org/vision", "")]
    public void ReadmeOfThePackage_HasWholeLinks_OrNone(string repository, string link)
    {
        using var folder = new TempFolder();
        Dotnet.Run(
            PackedLibrary.Repository,
            "msbuild",
            "src/VisionSeqModels",
            "-target:AddPackageReadme",
            "-property:Configuration=Release",
            $"-property:PrivateRepositoryUrl={repository}",
            "-property:SourceRevisionId=abc123",
            $"-property:PackageReadmeFolder={folder.Root}/"
        );

        string readme = File.ReadAllText(folder["README.md"]);
        string[] targets = [.. Target().Matches(readme).Select(match => match.Groups[1].Value)];
        Assert.Contains("dotnet add package VisionSeqModels", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("](docs", readme, StringComparison.Ordinal);
        Assert.All(targets, target => Assert.StartsWith("https://", target, StringComparison.Ordinal));
        Assert.Equal(link.Length > 0, targets.Contains(link));
    }

    [Theory]
    [InlineData("VisionSeqModels.Mpi", "VisionSeqModels")]
    [InlineData("VisionSeqModels.PostgreSql", "Npgsql", "VisionSeqModels")]
    public void FurtherPackage_HasItsAssemblyAndDocumentation_AndNeedsLittle(string name, params string[] dependencies)
    {
        using var package = ZipFile.OpenRead(packed.Library.PackFurther(name));
        Assert.Equal(
            ["README.md", $"{name}.nuspec", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"],
            package.Entries.Select(entry => entry.FullName).Where(IsOurs).Order(StringComparer.Ordinal)
        );
        using var nuspec = package.GetEntry($"{name}.nuspec")!.Open();
        Assert.Equal(
            dependencies,
            XDocument
                .Load(nuspec)
                .Descendants()
                .Where(node => node.Name.LocalName == "dependency")
                .Select(node => node.Attribute("id")!.Value)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void SymbolPackage_HasTheSymbolsOfTheLibrary()
    {
        using var package = ZipFile.OpenRead(Path.ChangeExtension(packed.Library.PackageFile, ".snupkg"));
        Assert.Equal(
            ["VisionSeqModels.nuspec", "lib/net10.0/VisionSeqModels.pdb"],
            package.Entries.Select(entry => entry.FullName).Where(IsOurs).Order(StringComparer.Ordinal)
        );
        Assert.Equal("BSJB"u8.ToArray(), Read(package, "lib/net10.0/VisionSeqModels.pdb")[..4]); // a portable one
    }

    [Fact]
    public void Icon_IsAPngOf256Pixels()
    {
        using var package = ZipFile.OpenRead(packed.Library.PackageFile);
        byte[] icon = Read(package, "icon.png");
        Assert.Equal([0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n'], icon[..8]);
        Assert.Equal([0, 0, 1, 0, 0, 0, 1, 0], icon[16..24]); // width and height
    }

    [Fact]
    public void Package_DependsOnTheFewDocumentedPackagesOnly()
    {
        string[] dependencies =
        [
            .. Nuspec()
                .Descendants()
                .Where(element => element.Name.LocalName == "dependency")
                .Select(element => element.Attribute("id")!.Value)
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(
            [
                "CsvHelper",
                "Microsoft.Extensions.Logging.Abstractions",
                "SkiaSharp",
                "SkiaSharp.NativeAssets.Linux.NoDependencies",
                "TorchSharp",
            ],
            dependencies
        );
    }

    [Fact]
    public void Package_SaysWhatAStrangerAsks()
    {
        var facts = Nuspec().Root!.Elements().Single().Elements().ToDictionary(element => element.Name.LocalName);

        Assert.Equal(("VisionSeqModels", packed.Library.Version), (facts["id"].Value, facts["version"].Value));
        Assert.Equal(("MIT", "expression"), (facts["license"].Value, facts["license"].Attribute("type")!.Value));
        Assert.Equal(("README.md", "icon.png"), (facts["readme"].Value, facts["icon"].Value));
        Assert.Superset(
            new HashSet<string> { "torchsharp", "deep-learning", "lenet", "lstm" },
            facts["tags"].Value.Split(' ').ToHashSet()
        );
        Assert.True(facts["description"].Value.Length is > 50 and < 300);
        Assert.NotEmpty(facts["authors"].Value);
    }

    [Fact]
    public void Documentation_IsThatOfEveryPublicTypeAndOfNoOther()
    {
        using var package = ZipFile.OpenRead(packed.Library.PackageFile);
        string[] publicTypes = PublicTypes(Read(package, "lib/net10.0/VisionSeqModels.dll"));
        using var xml = new MemoryStream(Read(package, "lib/net10.0/VisionSeqModels.xml"));
        string[] members = [.. XDocument.Load(xml).Descendants("member").Select(member => member.Attribute("name")!.Value)];

        string[] nested = [.. publicTypes.Select(type => $"{type}.")];
        Assert.Equal(
            publicTypes.Order(StringComparer.Ordinal),
            members
                .Where(name => name[0] == 'T' && !nested.Any(outer => name.StartsWith(outer, StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal)
        );
        Assert.Contains("P:VisionSeqModels.TrainerOptions.Epochs", members);
        Assert.Contains(members, name => name.StartsWith("M:VisionSeqModels.Trainer.Fit(", StringComparison.Ordinal));
    }

    /// <summary>Every pack compares the package's own parts, and later the package with the one before.</summary>
    [Fact]
    public void Pack_ValidatesThePackage() =>
        Assert.Equal(
            "true",
            Dotnet.Run(PackedLibrary.Repository, "msbuild", "src/VisionSeqModels", "-getProperty:EnablePackageValidation").Trim()
        );

    /// <summary>The public types that are in no other type, as documentation names them.</summary>
    private static string[] PublicTypes(byte[] assembly)
    {
        using var file = new PEReader(ImmutableArray.Create(assembly));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata
                .TypeDefinitions.Select(metadata.GetTypeDefinition)
                .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
                .Select(type => $"T:{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"),
        ];
    }

    private XDocument Nuspec()
    {
        using var package = ZipFile.OpenRead(packed.Library.PackageFile);
        using var stream = package.GetEntry("VisionSeqModels.nuspec")!.Open();
        return XDocument.Load(stream);
    }

    private static byte[] Read(ZipArchive package, string name)
    {
        using var content = new MemoryStream();
        using var stream = package.GetEntry(name)!.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>False for the files that the format itself puts into every package.</summary>
    private static bool IsOurs(string name) =>
        name != "[Content_Types].xml"
        && !name.StartsWith("_rels/", StringComparison.Ordinal)
        && !name.StartsWith("package/", StringComparison.Ordinal);

    [GeneratedRegex(@"\]\(([^)]*)\)")]
    private static partial Regex Target();
}
