using System.Text.Json;

namespace VisionSeqModels.Tests;

/// <summary>One property chooses libtorch for samples and tests: what the projects then reference.</summary>
public sealed class TorchBackendTests
{
    private const string Project = "samples/QuickStart/QuickStart.csproj";

    [Theory]
    [InlineData("cuda-windows", "TorchSharp-cuda-windows")]
    [InlineData("cuda-linux", "TorchSharp-cuda-linux")]
    public void Cuda_ReferencesThatPackageAlone(string backend, string package) =>
        Assert.Equal([package], Backends($"-p:TorchBackend={backend}"));

    [Fact]
    public void Default_IsTheCpuLibraryOfThisSystemAlone() => Assert.Equal([$"libtorch-cpu-{PackedLibrary.System}"], Backends());

    [Theory]
    [InlineData("win-x64")]
    [InlineData("osx-arm64")]
    public void RuntimeIdentifier_ChoosesItsSystemsLibrary(string system) =>
        Assert.Equal([$"libtorch-cpu-{system}"], Backends($"-p:RuntimeIdentifier={system}"));

    [Fact]
    public void None_ReferencesNone() => Assert.Empty(Backends("-p:TorchBackend=none"));

    [Fact]
    public void AnythingElse_IsAnError()
    {
        var (exitCode, output) = Dotnet.Start(
            "dotnet",
            PackedLibrary.Repository,
            ["build", Project, "-p:TorchBackend=gpu", "--no-restore"]
        );
        Assert.NotEqual(0, exitCode);
        Assert.Contains(
            "TorchBackend must be cpu, cuda-windows, cuda-linux or none, but is 'gpu'.",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TheLibraryItself_ReferencesNone() => Assert.Empty(Backends("src/VisionSeqModels/VisionSeqModels.csproj", []));

    private static string[] Backends(params string[] properties) => Backends(Project, properties);

    private static string[] Backends(string project, string[] properties)
    {
        string json = Dotnet.Run(PackedLibrary.Repository, ["msbuild", project, "-getItem:PackageReference", .. properties]);
        using var items = JsonDocument.Parse(json);
        return
        [
            .. items
                .RootElement.GetProperty("Items")
                .GetProperty("PackageReference")
                .EnumerateArray()
                .Select(item => item.GetProperty("Identity").GetString()!)
                .Where(name =>
                    name.StartsWith("libtorch", StringComparison.Ordinal)
                    || name.StartsWith("TorchSharp-", StringComparison.Ordinal)
                ),
        ];
    }
}
