using System.Diagnostics;
using VisionSeqModels.Build;

namespace VisionSeqModels.Tests.Build;

/// <summary>The targets of the package, run by MSBuild on a project of one file: a damaged copy is noticed by its hash.</summary>
public sealed class FixedCopyTests : IDisposable
{
    private const string Copy = "obj/visionseqmodels/1.0/runtimes/linux-x64/native/libLibTorchSharp.so";
    private readonly TempFolder _folder = new();

    public FixedCopyTests()
    {
        byte[] image = File.ReadAllBytes(
            Directory.GetFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First()
        );
        File.WriteAllBytes(_folder["libLibTorchSharp.so"], image);
        File.WriteAllText(
            _folder["app.proj"],
            $"""
            <Project DefaultTargets="ResolvePackageAssets">
              <PropertyGroup><IntermediateOutputPath>obj/</IntermediateOutputPath></PropertyGroup>
              <Target Name="ResolvePackageAssets">
                <ItemGroup>
                  <RuntimeTargetsCopyLocalItems
                    Include="libLibTorchSharp.so"
                    NuGetPackageVersion="1.0"
                    PathInPackage="runtimes/linux-x64/native/libLibTorchSharp.so"
                  />
                </ItemGroup>
              </Target>
              <Import Project="{Path.Combine(Repository.Root, "src/VisionSeqModels/buildTransitive/VisionSeqModels.targets")}" />
            </Project>
            """
        );
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DamagedCopy_IsNoticedByItsHashAndMadeAgain_AndASoundOneStays(bool withoutHash)
    {
        Build();
        byte[] sound = File.ReadAllBytes(_folder[Copy]);
        var made = File.GetLastWriteTimeUtc(_folder[Copy]);
        Assert.Equal(FixedFile.HashOf(sound), File.ReadAllBytes(_folder[Copy] + FixedFile.HashEnding));

        Build();
        Assert.Equal(made, File.GetLastWriteTimeUtc(_folder[Copy]));

        byte[] damaged = [.. sound];
        damaged[^1] ^= 1;
        File.WriteAllBytes(_folder[Copy], damaged); // newer than the package's, and as long
        if (withoutHash)
        {
            File.Delete(_folder[Copy] + FixedFile.HashEnding); // as an older version of the package left it
        }

        Build();
        Assert.Equal(sound, File.ReadAllBytes(_folder[Copy]));
    }

    private void Build()
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", _folder["app.proj"], "-nologo", "-v:m", "-nodeReuse:false"])
        {
            WorkingDirectory = _folder.Root,
            RedirectStandardOutput = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}
