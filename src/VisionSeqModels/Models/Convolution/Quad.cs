using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Models;

/// <summary>Four vectors that stay in registers.</summary>
internal unsafe struct Quad
{
    public Vector<float> A, B, C, D;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad All(Vector<float> value) => new() { A = value, B = value, C = value, D = value };

    /// <summary>Adds values times a factor to each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector<float> factor, in Quad values)
    {
        A = Vector.FusedMultiplyAdd(factor, values.A, A);
        B = Vector.FusedMultiplyAdd(factor, values.B, B);
        C = Vector.FusedMultiplyAdd(factor, values.C, C);
        D = Vector.FusedMultiplyAdd(factor, values.D, D);
    }
}
