using Mono.Cecil;
using VisionSeqModels.Mpi;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Conventions;

/// <summary>Reads the compiled library: no scalar is freed while libtorch reads it (decision 0028).</summary>
public sealed class HeldScalarTests
{
    /// <summary>Floors whose code runs in each step of a training, an evaluation or a prediction.</summary>
    private static readonly string[] InEachStep =
    [
        "Torch",
        "Kernels",
        "Data",
        "Models",
        "Metrics",
        "Optimization",
        "Checkpoints",
        "Training",
        "Callbacks",
    ];

    /// <summary>Adam's step is TorchSharp's in some cases, which makes scalars in it. A script's call makes one of a plain
    /// number; it is given held ones.</summary>
    private static readonly string[] TorchSharps = ["Adam", "TorchScripts"];

    [Fact]
    public void NoTypeOfTheLibrary_PassesOnAScalarThatNothingHolds() =>
        Assert.Empty(Assemblies().SelectMany(ScalarUses.Own).Distinct());

    [Fact]
    public void NothingInAStep_CallsWhatMakesOneInTorchSharp()
    {
        using var uses = new ScalarUses();
        var found = Assemblies()
            .SelectMany(uses.Inside)
            .Where(use => Floors.Files.ContainsKey(use.Method) && InEachStep.Contains(Floors.Of(use.Method)));
        Assert.Equal(TorchSharps, found.Select(use => use.Method).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>The checks above can fail.</summary>
    [Fact]
    public void TheScan_SeesScalarsOfThisAssembly_AndWhatIsHeldIsNone()
    {
        using var uses = new ScalarUses();
        using var tests = ModuleDefinition.ReadModule(typeof(HeldScalarTests).Assembly.Location);
        Assert.Contains(nameof(Passing), ScalarUses.Own(tests));
        Assert.DoesNotContain(nameof(Holding), ScalarUses.Own(tests));
        Assert.Contains((nameof(Adding), "op_Addition"), uses.Inside(tests));
        Assert.DoesNotContain(nameof(Holding), uses.Inside(tests).Select(use => use.Method));
    }

    private static IEnumerable<ModuleDefinition> Assemblies() =>
        new[] { typeof(Trainer), typeof(PostgreSqlLedger), typeof(MpiRun) }.Select(type =>
            ModuleDefinition.ReadModule(type.Assembly.Location)
        );
}

internal static class Passing
{
    public static TorchSharp.torch.Tensor Of(TorchSharp.torch.Tensor tensor) => tensor.mul(3);
}

internal static class Holding
{
    public static TorchSharp.torch.Tensor Of(TorchSharp.torch.Tensor tensor)
    {
        using TorchSharp.Scalar three = 3;
        return tensor.mul(three);
    }
}

internal static class Adding
{
    public static TorchSharp.torch.Tensor Of(TorchSharp.torch.Tensor tensor) => tensor + tensor;
}
