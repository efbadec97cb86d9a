using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace VisionSeqModels.Kernels;

/// <summary>What the processor can do.</summary>
internal static class Processor
{
    /// <summary>Whether it multiplies and adds in one instruction, over vectors that are wide enough for the own kernels to be
    /// faster than libtorch's: AVX2 or AVX-512 with FMA, or ARM64.</summary>
    /// <remarks>Without that instruction .NET computes each lane by a call of a function.</remarks>
    public static bool HasFastVectors => (Fma.IsSupported && Vector<float>.Count >= 8) || AdvSimd.Arm64.IsSupported;

    /// <summary>Whether it is fast at vectors of 512 bits. libtorch's operations then have them; of the own kernels,
    /// <see cref="WidePanel512"/> has.</summary>
    public static bool HasWideVectors => Vector512.IsHardwareAccelerated;
}
