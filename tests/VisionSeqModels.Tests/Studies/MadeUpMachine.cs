using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A worker's machine for tests to which any will do.</summary>
internal static class MadeUpMachine
{
    public static WorkerMachine Any { get; } =
        new()
        {
            Architecture = "X64",
            InstructionSet = "avx2",
            TorchSharp = "1.0",
            Threads = 1,
        };
}
