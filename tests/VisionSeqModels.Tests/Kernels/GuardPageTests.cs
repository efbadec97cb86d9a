using System.Globalization;
using System.Runtime.InteropServices;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>The unsafe floor reads and writes nothing outside of its tensors: kernels over guard pages, in processes of their
/// own,
/// with each width of vectors. VISIONSEQ_GUARDS asks for more shapes of each kernel than the default.</summary>
public sealed class GuardPageTests(ITestOutputHelper output)
{
    private static readonly string Shapes = Environment.GetEnvironmentVariable("VISIONSEQ_GUARDS") ?? "25";

    /// <param name="variable">What the process is started with; each processor runs what it has of it.</param>
    /// <param name="value">Its value.</param>
    [LinuxTheory]
    [InlineData("VISIONSEQ_WIDEST", "1")]
    [InlineData("DOTNET_EnableAVX512", "0")]
    [InlineData("DOTNET_EnableAVX2", "0")]
    [InlineData("MALLOC_PERTURB_", "165")] // what is allocated is filled with bytes, and what is freed with others
    public async Task EveryKernel_StaysWithinItsTensors_BeforeAndBehindAGuardPage(string variable, string value)
    {
        var (code, text) = await Run(new() { [variable] = value }, Shapes);
        Assert.True(code == 0, $"with {variable}={value}, exit code {code}, the last shape tried: {LastShape(text)}");
        int tried = int.Parse(
            text[(text.LastIndexOf(ChildProgram.Done, StringComparison.Ordinal) + ChildProgram.Done.Length)..],
            CultureInfo.InvariantCulture
        );
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{variable}={value}: {tried} shapes"));
        Assert.True(tried >= 10 * int.Parse(Shapes, CultureInfo.InvariantCulture), $"only {tried} shapes");
        Assert.All(GuardedKernels.Names, name => Assert.Contains($"\n{name} ", "\n" + text, StringComparison.Ordinal));
    }

    /// <summary>The test above can fail.</summary>
    [LinuxTheory]
    [InlineData("end")]
    [InlineData("beginning")]
    public async Task OneValueTooFar_EndsTheProcess(string side)
    {
        var (code, text) = await Run([], "1", side);
        Assert.NotEqual(0, code);
        Assert.StartsWith("one value too far", LastShape(text), StringComparison.Ordinal);
    }

    private static string LastShape(string text) =>
        text.Split('\n').LastOrDefault(line => line.EndsWith("the page", StringComparison.Ordinal)) ?? text;

    private static async Task<(int Code, string Text)> Run(Dictionary<string, string?> environment, params string[] arguments)
    {
        environment["DOTNET_DbgEnableMiniDump"] = "0";
        using var child = ChildProgram.Start(environment, [ChildProgram.GuardsCommand, .. arguments]);
        var errors = child.StandardError.ReadToEndAsync();
        string text = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return (child.ExitCode, child.ExitCode == 0 ? text : text + await errors);
    }
}

/// <summary>A theory that needs the memory calls of Linux.</summary>
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() =>
        Skip = RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? null : "Guard pages are made by calls of Linux.";
}
