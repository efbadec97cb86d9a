using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.NativeCalls;

/// <summary>A name in a script that libtorch does not know ends the process: so a process of its own tries them first.</summary>
public sealed class ScriptTests
{
    /// <summary>Names that the rest of the tests then may call.</summary>
    internal static IEnumerable<string> CompileAll()
    {
        using var unit = jit.compile(TorchScripts.Source);
        yield return "compiled";
    }

    [Fact]
    public async Task EveryNameInTheScripts_IsKnownToLibtorch() =>
        Assert.Equal("compiled", await ChildProgram.Answer(ChildProgram.ScriptsCommand));

    [Theory]
    [InlineData("0.107.0", true)]
    [InlineData("0.107.1", true)]
    [InlineData("0.106.0", false)]
    [InlineData("0.108.0", false)]
    public void TheScripts_AreUsedWithTheVersionTheyWereTriedWith(string version, bool used) =>
        Assert.Equal(used, TorchScripts.AreTriedWith(version));

    [Fact]
    public void TheVersionInUse_IsThat() => Assert.True(TorchScripts.Exist);
}
