using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace VisionSeqModels.Tests;

/// <summary>The library as a package in a folder, with a version of its own.</summary>
public sealed class PackedLibrary : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Lock _packing = new();

    public PackedLibrary()
    {
        Version = $"0.0.1-test.{Guid.NewGuid():n}";
        Pack("src/VisionSeqModels");
        string listed = Dotnet.Run(Repository, "nuget", "locals", "global-packages", "--list");
        Cache = listed[(listed.IndexOf("global-packages:", StringComparison.Ordinal) + "global-packages:".Length)..].Trim();
    }

    public static string Repository => Metadata("RepositoryFolder");

    /// <summary>The configuration that the tests were built in.</summary>
    public static string Configuration => Metadata("Configuration");

    /// <summary>This system's name in the libtorch packages.</summary>
    public static string System { get; } =
        (
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "linux"
        )
        + "-"
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>This system's libtorch package.</summary>
    public static string LibtorchName => $"libtorch-cpu-{System}";

    public static string LibtorchVersion => Metadata("LibtorchVersion");

    /// <summary>The reference to this system's libtorch package.</summary>
    public static string LibtorchReference { get; } =
        $"""<PackageReference Include="{LibtorchName}" Version="{LibtorchVersion}" />""";

    public string Version { get; }

    /// <summary>NuGet's own folder of unpacked packages.</summary>
    public string Cache { get; }

    public string PackageFile => Path.Combine(Packages, $"VisionSeqModels.{Version}.nupkg");

    /// <summary>The documentation file in the package.</summary>
    public XDocument Documentation
    {
        get
        {
            using var package = ZipFile.OpenRead(PackageFile);
            using var entry = package.GetEntry("lib/net10.0/VisionSeqModels.xml")!.Open();
            return XDocument.Load(entry);
        }
    }

    /// <summary>The folder of the packages, a source of NuGet's.</summary>
    public string Packages => _folder["packages"];

    /// <summary>Where another project of the repository may put what it builds.</summary>
    public string Artifacts(string project) => _folder[$"{project}-artifacts"];

    /// <summary>What only some need, each a package of its own.</summary>
    public static IReadOnlyList<string> FurtherPackages { get; } = ["VisionSeqModels.Mpi", "VisionSeqModels.PostgreSql"];

    /// <summary>Packs one of the further packages beside the library, with the same version.</summary>
    /// <returns>The package's file.</returns>
    public string PackFurther(string package)
    {
        string file = Path.Combine(Packages, $"{package}.{Version}.nupkg");
        lock (_packing)
        {
            if (!File.Exists(file))
            {
                Pack($"src/{package}");
            }
        }

        return file;
    }

    public void Dispose()
    {
        foreach (string package in FurtherPackages.Append("VisionSeqModels").Select(name => name.ToLowerInvariant()))
        {
            string unpacked = Path.Combine(Cache, package, Version);
            if (Directory.Exists(unpacked))
            {
                Directory.Delete(unpacked, recursive: true);
            }
        }

        _folder.Dispose();
    }

    private void Pack(string project) =>
        Dotnet.Run(
            Repository,
            "pack",
            project,
            "-c",
            "Release",
            "-o",
            Packages,
            "--artifacts-path",
            _folder["artifacts"],
            $"-p:PackageVersion={Version}",
            "-p:RunAnalyzers=false", // the solution's own build has run them
            "--nologo",
            "-v",
            "quiet"
        );

    private static string Metadata(string key) =>
        typeof(PackedLibrary)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key)
            .Value!;
}
