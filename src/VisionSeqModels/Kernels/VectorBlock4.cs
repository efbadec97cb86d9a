using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace VisionSeqModels.Kernels;

/// <summary>Four vectors that stay in registers.</summary>
internal struct VectorBlock4
{
    public Vector<float> A,
        B,
        C,
        D;

    /// <summary>Whether the registers hold four of these and their factors, rather than two. It is a constant for the compiler,
    /// which leaves out the branch that is not taken.</summary>
    public static bool FourFit => Vector512.IsHardwareAccelerated || AdvSimd.Arm64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorBlock4 All(Vector<float> value) =>
        new()
        {
            A = value,
            B = value,
            C = value,
            D = value,
        };

    /// <summary>Adds values times a factor to each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector<float> factor, in VectorBlock4 values)
    {
        A = Vector.FusedMultiplyAdd(factor, values.A, A);
        B = Vector.FusedMultiplyAdd(factor, values.B, B);
        C = Vector.FusedMultiplyAdd(factor, values.C, C);
        D = Vector.FusedMultiplyAdd(factor, values.D, D);
    }
}
