using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace VisionSeqModels.Tests;

/// <summary>The library as a package in a folder, with a version of its own, and the consumers that restore it.</summary>
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

    private static string Libtorch => $"""<PackageReference Include="{LibtorchName}" Version="{LibtorchVersion}" />""";

    public string Version { get; }

    /// <summary>NuGet's own folder of unpacked packages.</summary>
    public string Cache { get; }

    public string PackageFile => Path.Combine(_folder["packages"], $"VisionSeqModels.{Version}.nupkg");

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

    public string Folder(string name) => _folder[name];

    /// <summary>What only some need, each a package of its own.</summary>
    public static IReadOnlyList<string> FurtherPackages { get; } = ["VisionSeqModels.Mpi", "VisionSeqModels.PostgreSql"];

    /// <summary>Packs one of the further packages beside the library, with the same version.</summary>
    /// <returns>The package's file.</returns>
    public string PackFurther(string package)
    {
        string file = Path.Combine(_folder["packages"], $"{package}.{Version}.nupkg");
        lock (_packing)
        {
            if (!File.Exists(file))
            {
                Pack($"src/{package}");
            }
        }

        return file;
    }

    /// <summary>A console project outside of the repository, as a user makes one.</summary>
    public string CreateConsumer(
        string name,
        string program,
        bool withLibtorch = true,
        string properties = "",
        bool withFurtherPackages = false
    )
    {
        string folder = Directory.CreateDirectory(_folder[name]).FullName;
        var further = FurtherPackages
            .Where(_ => withFurtherPackages)
            .Select(package => $"""<PackageReference Include="{package}" Version="{Version}" />""");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        WriteSources(folder);
        File.WriteAllText(
            Path.Combine(folder, "Consumer.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="VisionSeqModels" Version="{Version}" />
                {(withLibtorch ? Libtorch : "")}
                {string.Concat(further)}
              </ItemGroup>
            </Project>
            """
        );
        return folder;
    }

    /// <summary>Lets the projects in a folder restore the packed library.</summary>
    public void WriteSources(string folder) =>
        File.WriteAllText(
            Path.Combine(folder, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{_folder["packages"]}" />
              </packageSources>
            </configuration>
            """
        );

    /// <summary>Gives the project in a folder this system's libtorch.</summary>
    public static void AddLibtorch(string folder) =>
        File.WriteAllText(
            Path.Combine(folder, "Directory.Build.targets"),
            $"""
            <Project>
              <ItemGroup>
                {Libtorch}
              </ItemGroup>
            </Project>
            """
        );

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
            _folder["packages"],
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
