namespace VisionSeqModels.Tests;

/// <summary>The projects of one test, outside of the repository, that restore the packed library. They go when the test ends:
/// each holds a libtorch.</summary>
/// <param name="library">The packed library.</param>
/// <param name="linked">Whether the native libraries of an output are links into the package cache, where links can be
/// made. A user's project has copies.</param>
public sealed class TestProjects(PackedLibrary library, bool linked = true) : IDisposable
{
    private const string Links = """
        <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
        <CreateHardLinksForPublishFilesIfPossible>true</CreateHardLinksForPublishFilesIfPossible>
        """;

    private readonly TempFolder _folder = new();

    public string Folder(string name) => _folder[name];

    public string CreateFolder(string name) => Directory.CreateDirectory(_folder[name]).FullName;

    /// <summary>A console project, as a user makes one.</summary>
    public string CreateConsumer(
        string name,
        string program,
        bool withLibtorch = true,
        string properties = "",
        bool withFurtherPackages = false
    )
    {
        string folder = CreateFolder(name);
        var further = PackedLibrary
            .FurtherPackages.Where(_ => withFurtherPackages)
            .Select(package => $"""<PackageReference Include="{package}" Version="{library.Version}" />""");
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
                <PackageReference Include="VisionSeqModels" Version="{library.Version}" />
                {(withLibtorch ? PackedLibrary.LibtorchReference : "")}
                {string.Concat(further)}
              </ItemGroup>
            </Project>
            """
        );
        return folder;
    }

    /// <summary>Lets the projects in a folder restore the packed library.</summary>
    public void WriteSources(string folder)
    {
        File.WriteAllText(
            Path.Combine(folder, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{library.Packages}" />
              </packageSources>
            </configuration>
            """
        );
        File.WriteAllText(
            Path.Combine(folder, "Directory.Build.props"),
            $"<Project><PropertyGroup>{(linked ? Links : "")}</PropertyGroup></Project>"
        );
    }

    /// <summary>Gives the project in a folder this system's libtorch.</summary>
    public static void AddLibtorch(string folder) =>
        File.WriteAllText(
            Path.Combine(folder, "Directory.Build.targets"),
            $"<Project><ItemGroup>{PackedLibrary.LibtorchReference}</ItemGroup></Project>"
        );

    public void Dispose() => _folder.Dispose();
}
