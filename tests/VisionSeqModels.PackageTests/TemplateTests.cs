namespace VisionSeqModels.Tests;

/// <summary>The template pack is installed from its package into a folder of its own. Each model's project is made and built,
/// and one is run.</summary>
[Collection(PackedCollections.Projects)]
public sealed class TemplateTests(Packed packed) : IDisposable
{
    private readonly TestProjects _projects = new(packed.Library);

    public void Dispose() => _projects.Dispose();

    [Fact]
    public void EachModelsProject_Builds_AndTrains()
    {
        Dotnet.Run(
            PackedLibrary.Repository,
            "pack",
            "src/VisionSeqModels.Templates",
            "-c",
            "Release",
            "-o",
            packed.Library.Packages,
            "--artifacts-path",
            packed.Library.Artifacts("templates"),
            $"-p:PackageVersion={packed.Library.Version}",
            "--nologo",
            "-v",
            "quiet"
        );
        string home = _projects.CreateFolder("templates");
        string hive = _projects.Folder("hive");
        string package = Path.Combine(packed.Library.Packages, $"VisionSeqModels.Templates.{packed.Library.Version}.nupkg");
        Dotnet.Run(home, "new", "install", package, "--debug:custom-hive", hive);
        _projects.WriteSources(home);

        foreach (string model in new[] { "lenet", "rnn", "lstm", "gru" })
        {
            Dotnet.Run(
                home,
                "new",
                "visionseq-console",
                "-n",
                model,
                "--model",
                model,
                "--backend",
                "none",
                "--debug:custom-hive",
                hive
            );
            TestProjects.AddLibtorch(Path.Combine(home, model));
            Dotnet.Run(Path.Combine(home, model), "build", "-c", "Release", "--nologo", "-warnaserror");
        }

        string output = Dotnet.Run(Path.Combine(home, "gru"), "run", "-c", "Release", "--no-build", "--", "--synthetic");
        Assert.Contains("test accuracy 0.", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(home, "gru", "run", "curves.png")));

        Dotnet.Run(home, "new", "visionseq-console", "-n", "Standard", "--debug:custom-hive", hive);
        string project = File.ReadAllText(Path.Combine(home, "Standard", "Standard.csproj"));
        Assert.Contains(
            $"""<PackageReference Include="VisionSeqModels" Version="{packed.Library.Version}" />""",
            project,
            StringComparison.Ordinal
        );
        Assert.Matches("""<PackageReference Include="TorchSharp-cpu" Version="[0-9.]+" />""", project);
        Assert.DoesNotContain(
            "#if",
            project + File.ReadAllText(Path.Combine(home, "Standard", "Program.cs")),
            StringComparison.Ordinal
        );
    }
}
