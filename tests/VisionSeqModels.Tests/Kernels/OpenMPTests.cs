using System.Globalization;
using VisionSeqModels.Kernels;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>The own kernels give the same by every OpenMP, with 1 to 16 threads; in processes of their own, since libtorch is
/// bound to one OpenMP.</summary>
public sealed class OpenMPTests
{
    [Fact]
    public async Task OneToSixteenThreads_GiveTheSameValues_AndGradientsUpToRounding()
    {
        string[] lines = await Lines(null);
        Assert.Equal(1 + OpenMPValues.MostThreads, lines.Length);
        AssertValues(lines);
    }

    /// <summary>LLVM's library has GNU's functions too: these are taken.</summary>
    [LibompFact]
    public async Task ByLlvmsOpenMP_ValuesAndGradientsAreThoseByGnus()
    {
        string[] gnu = await Lines(null),
            llvm = await Lines(LibompFactAttribute.Library);
        Assert.StartsWith("Gomp libgomp", gnu[0], StringComparison.Ordinal);
        Assert.StartsWith("Gomp ", llvm[0], StringComparison.Ordinal);
        Assert.Contains("libomp.", llvm[0], StringComparison.Ordinal);
        AssertValues(llvm);
        Assert.Equal(gnu[1..], llvm[1..]);
    }

    /// <summary>As on Windows, where Intel's library lacks GNU's functions.</summary>
    [LibompFact]
    public async Task ByForkCalls_ValuesAndGradientsAreThoseByGnus()
    {
        string[] gnu = await Lines(null),
            forks = await Lines(LibompFactAttribute.Library, nameof(OpenMPEntry.Kmpc));
        Assert.StartsWith("Kmpc ", forks[0], StringComparison.Ordinal);
        AssertValues(forks);
        Assert.Equal(gnu[1..], forks[1..]);
    }

    private static void AssertValues(string[] lines)
    {
        string[][] rows = [.. lines.Skip(1).Select(line => line.Split(' '))];
        Assert.Single(rows.Select(row => row[1]).Distinct());
        Assert.All(rows, row => Assert.InRange(double.Parse(row[3], CultureInfo.InvariantCulture), 0, 1e-6));
    }

    private static async Task<string[]> Lines(string? preloaded, params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["LD_PRELOAD"] = preloaded };
        using var child = ChildProgram.Start(environment, [ChildProgram.OpenMPCommand, .. arguments]);
        var error = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, output + await error);
        Assert.StartsWith(ChildProgram.Done, output, StringComparison.Ordinal);
        return output[ChildProgram.Done.Length..].TrimEnd().Split('\n');
    }
}
