using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>The inner loops: sums of products over a group of images that lie side by side, one in each lane of a
/// vector.</summary>
/// <remarks>Two factors times four vectors at once keep eight sums in registers; as many independent sums are needed to start
/// a multiplication in every cycle.</remarks>
internal static unsafe class ConvolutionKernel
{
    /// <summary>Images in a group.</summary>
    public static int Lanes => Vector<float>.Count;

    /// <summary>Kernels that are computed together.</summary>
    public static int KernelsAtOnce => VectorBlock4.FourFit ? 4 : 2;

    /// <summary>Adds the products of two kernels to their sums at a window of 2×2 positions.</summary>
    /// <param name="input">The first value under the kernels at the window's first position.</param>
    /// <param name="rowStride">Floats to the next row.</param>
    /// <param name="offsets">Floats from the first value to each tap's.</param>
    /// <param name="taps">How many taps.</param>
    /// <param name="weights">Both kernels' weights, interleaved tap by tap.</param>
    /// <param name="sums">One block for each kernel: the four positions in reading order.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AccumulateTwo(float* input, nint rowStride, int* offsets, int taps, float* weights, VectorBlock4* sums)
    {
        VectorBlock4 a = sums[0],
            b = sums[1];
        for (int tap = 0; tap < taps; tap++, weights += 2)
        {
            float* at = input + offsets[tap];
            var values = new VectorBlock4
            {
                A = Vector.Load(at),
                B = Vector.Load(at + Lanes),
                C = Vector.Load(at + rowStride),
                D = Vector.Load(at + rowStride + Lanes),
            };
            a.Add(Vector.Create(weights[0]), values);
            b.Add(Vector.Create(weights[1]), values);
        }

        sums[0] = a;
        sums[1] = b;
    }

    /// <summary>The same for four kernels; the weights of the second pair lie <paramref name="pairStride"/> floats
    /// further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AccumulateFour(
        float* input,
        nint rowStride,
        int* offsets,
        int taps,
        float* weights,
        nint pairStride,
        VectorBlock4* sums
    )
    {
        VectorBlock4 a = sums[0],
            b = sums[1],
            c = sums[2],
            d = sums[3];
        float* secondPair = weights + pairStride;
        for (int tap = 0; tap < taps; tap++, weights += 2, secondPair += 2)
        {
            float* at = input + offsets[tap];
            var values = new VectorBlock4
            {
                A = Vector.Load(at),
                B = Vector.Load(at + Lanes),
                C = Vector.Load(at + rowStride),
                D = Vector.Load(at + rowStride + Lanes),
            };
            a.Add(Vector.Create(weights[0]), values);
            b.Add(Vector.Create(weights[1]), values);
            c.Add(Vector.Create(secondPair[0]), values);
            d.Add(Vector.Create(secondPair[1]), values);
        }

        sums[0] = a;
        sums[1] = b;
        sums[2] = c;
        sums[3] = d;
    }

    /// <summary>Adds the products of two or four kernels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(
        float* input,
        nint rowStride,
        int* offsets,
        int taps,
        float* weights,
        nint pairStride,
        VectorBlock4* sums,
        int count
    )
    {
        if (count == 4)
        {
            AccumulateFour(input, rowStride, offsets, taps, weights, pairStride, sums);
        }
        else
        {
            AccumulateTwo(input, rowStride, offsets, taps, weights, sums);
        }
    }

    /// <summary>Adds the products of some rows of positions to the weight gradients of two kernels at four taps.</summary>
    /// <param name="gradients">The first kernel's gradients at the rows' positions.</param>
    /// <param name="pairStride">Floats from the first kernel's gradients to the second's.</param>
    /// <param name="gradientRowStride">Floats from a row's gradients to the next row's.</param>
    /// <param name="input">The value under the kernels' first tap at the first position.</param>
    /// <param name="inputRowStride">Floats to the next row.</param>
    /// <param name="offsets">Floats from the first tap to each of the four.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">Positions in a row.</param>
    /// <param name="sums">Four vectors of the first kernel, four of the second.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AccumulateWeightGradients(
        float* gradients,
        nint pairStride,
        nint gradientRowStride,
        float* input,
        nint inputRowStride,
        int* offsets,
        int rows,
        int width,
        VectorBlock4* sums
    )
    {
        VectorBlock4 a = sums[0],
            b = sums[1];
        float* inA = input + offsets[0],
            inB = input + offsets[1],
            inC = input + offsets[2],
            inD = input + offsets[3];
        float* secondPair = gradients + pairStride;
        nint size = width * Lanes;
        for (int row = 0; row < rows; row++)
        {
            for (nint at = 0; at < size; at += Lanes)
            {
                var values = new VectorBlock4
                {
                    A = Vector.Load(inA + at),
                    B = Vector.Load(inB + at),
                    C = Vector.Load(inC + at),
                    D = Vector.Load(inD + at),
                };
                a.Add(Vector.Load(gradients + at), values);
                b.Add(Vector.Load(secondPair + at), values);
            }

            gradients += gradientRowStride;
            secondPair += gradientRowStride;
            inA += inputRowStride;
            inB += inputRowStride;
            inC += inputRowStride;
            inD += inputRowStride;
        }

        sums[0] = a;
        sums[1] = b;
    }

    /// <summary>ReLU and 2×2 max pooling: the first of equal values, and NaN where there is one.</summary>
    /// <param name="values">The window's values in reading order.</param>
    /// <param name="pooled">Where the largest is written, or 0.</param>
    /// <param name="choices">Where its index is written, 0 to 3, or −1 where ReLU made it 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pool(in VectorBlock4 values, float* pooled, float* choices)
    {
        var largest = values.A;
        var choice = Vector<int>.Zero;
        Take(ref largest, ref choice, values.B, 1);
        Take(ref largest, ref choice, values.C, 2);
        Take(ref largest, ref choice, values.D, 3);
        var isOff = Vector.LessThanOrEqual(largest, Vector<float>.Zero);
        Vector.ConditionalSelect(isOff, Vector<float>.Zero, largest).Store(pooled);
        Vector.ConditionalSelect(isOff, Vector<int>.AllBitsSet, choice).Store((int*)choices);
    }

    /// <summary>ReLU of a window's values; NaN stays.</summary>
    /// <param name="values">The window's values in reading order.</param>
    /// <param name="window">Where they are written, from the window's first position.</param>
    /// <param name="rowStride">Floats to the next row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReLU(in VectorBlock4 values, float* window, nint rowStride)
    {
        ReLU(values.A).Store(window);
        ReLU(values.B).Store(window + Lanes);
        ReLU(values.C).Store(window + rowStride);
        ReLU(values.D).Store(window + rowStride + Lanes);
    }

    /// <summary>Propagates a window's gradient to the value that was chosen.</summary>
    /// <param name="gradient">The gradient of the pooled value.</param>
    /// <param name="choices">What <see cref="Pool"/> wrote.</param>
    /// <param name="window">Where the gradients are written, from the window's first position.</param>
    /// <param name="rowStride">Floats to the next row.</param>
    /// <returns>The part of the gradient that was propagated.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Unpool(Vector<float> gradient, float* choices, float* window, nint rowStride)
    {
        var choice = Vector.Load((int*)choices);
        Where(gradient, choice, 0).Store(window);
        Where(gradient, choice, 1).Store(window + Lanes);
        Where(gradient, choice, 2).Store(window + rowStride);
        Where(gradient, choice, 3).Store(window + rowStride + Lanes);
        return Vector.ConditionalSelect(Vector.LessThan(choice, Vector<int>.Zero), Vector<float>.Zero, gradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ReLU(Vector<float> values) =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(values, Vector<float>.Zero), Vector<float>.Zero, values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(ref Vector<float> largest, ref Vector<int> choice, Vector<float> values, int which)
    {
        var isLarger = Vector.GreaterThan(values, largest) | ~Vector.Equals(values, values);
        largest = Vector.ConditionalSelect(isLarger, values, largest);
        choice = Vector.ConditionalSelect(isLarger, Vector.Create(which), choice);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Where(Vector<float> values, Vector<int> choice, int which) =>
        values & Vector.AsVectorSingle(Vector.Equals(choice, Vector.Create(which)));
}
