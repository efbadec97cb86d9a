namespace VisionSeqModels.Tests;

/// <summary>A test that compiles to native code; skipped where no linker is named.</summary>
public sealed class NativeAotFactAttribute : FactAttribute
{
    public NativeAotFactAttribute() => Skip = Linker is null ? "VISIONSEQ_AOT names no linker (for example gcc)." : null;

    public static string? Linker => Environment.GetEnvironmentVariable("VISIONSEQ_AOT");
}
