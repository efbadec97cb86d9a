using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Studies;

/// <summary>What a worker runs on, as far as it decides the bits of its results. Two machines that are equal here train a trial
/// to the same bits.</summary>
public sealed record WorkerMachine
{
    /// <summary>The processor's architecture, for example <c>X64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The widest vector instructions that the processor has: <c>avx512</c>, <c>avx2</c>, <c>advsimd</c> or
    /// <c>none</c>.</summary>
    public required string InstructionSet { get; init; }

    /// <summary>The version of TorchSharp, which has one version of libtorch.</summary>
    public required string TorchSharp { get; init; }

    /// <summary>libtorch's threads for each trial.</summary>
    public required int Threads { get; init; }

    /// <summary>Whether there is a CUDA GPU.</summary>
    public bool CudaIsAvailable { get; init; }

    /// <summary>This machine.</summary>
    /// <param name="threads">libtorch's threads for each trial.</param>
    public static WorkerMachine Current(int threads)
    {
        var runtime = TorchRuntime.Describe();
        return new WorkerMachine
        {
            Architecture = runtime.Architecture,
            InstructionSet =
                Avx512F.IsSupported ? "avx512"
                : Avx2.IsSupported ? "avx2"
                : AdvSimd.IsSupported ? "advsimd"
                : "none",
            TorchSharp = runtime.TorchSharp,
            Threads = threads,
            CudaIsAvailable = runtime.CudaIsAvailable,
        };
    }

    /// <summary>For messages.</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"{Architecture} with {InstructionSet}, TorchSharp {TorchSharp}, {Threads} threads{(CudaIsAvailable ? ", CUDA" : "")}"
        );
}
