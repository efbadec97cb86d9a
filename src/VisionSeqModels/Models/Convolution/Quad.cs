using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Models;

/// <summary>Four vectors that stay in registers.</summary>
internal unsafe struct Quad
{
    public Vector<float> A, B, C, D;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad All(Vector<float> value) => new() { A = value, B = value, C = value, D = value };

    /// <summary>Reads four vectors that follow each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad Load(float* at) => new()
    {
        A = Vector.Load(at),
        B = Vector.Load(at + Vector<float>.Count),
        C = Vector.Load(at + (2 * Vector<float>.Count)),
        D = Vector.Load(at + (3 * Vector<float>.Count)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* at)
    {
        A.Store(at);
        B.Store(at + Vector<float>.Count);
        C.Store(at + (2 * Vector<float>.Count));
        D.Store(at + (3 * Vector<float>.Count));
    }

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
