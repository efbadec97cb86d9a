using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary> The inner loops: sums of products over a group of images that lie side by side, one in each lane of a vector.
/// Two factors times four vectors at once keep eight sums in registers, which is what it takes to start a multiplication in
/// every cycle. </summary>
internal static unsafe class ConvolutionKernel
{
    /// <summary>Images in a group.</summary>
    public static int Lanes => Vector<float>.Count;

    /// <summary>Kernels that are computed together.</summary>
    public static int KernelsAtOnce => VectorBlock4.FourFit ? 4 : 2;

    /// <summary>Adds to the sums of two kernels over a window of 2×2 positions.</summary>
    /// <param name="input">The first value under the kernels at the window's first position.</param>
    /// <param name="down">Floats to the next row.</param>
    /// <param name="offsets">Floats from the first value to each tap's.</param>
    /// <param name="taps">How many.</param>
    /// <param name="weights">Both kernels' weights in turn, tap by tap.</param>
    /// <param name="sums">One quad a kernel: positions in reading order.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddTwo(float* input, nint down, int* offsets, int taps, float* weights, VectorBlock4* sums)
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
                C = Vector.Load(at + down),
                D = Vector.Load(at + down + Lanes),
            };
            a.Add(Vector.Create(weights[0]), values);
            b.Add(Vector.Create(weights[1]), values);
        }

        sums[0] = a;
        sums[1] = b;
    }

    /// <summary>The same for four kernels; the weights of the second two lie so many floats further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddFour(float* input, nint down, int* offsets, int taps, float* weights, nint next, VectorBlock4* sums)
    {
        VectorBlock4 a = sums[0],
            b = sums[1],
            c = sums[2],
            d = sums[3];
        float* more = weights + next;
        for (int tap = 0; tap < taps; tap++, weights += 2, more += 2)
        {
            float* at = input + offsets[tap];
            var values = new VectorBlock4
            {
                A = Vector.Load(at),
                B = Vector.Load(at + Lanes),
                C = Vector.Load(at + down),
                D = Vector.Load(at + down + Lanes),
            };
            a.Add(Vector.Create(weights[0]), values);
            b.Add(Vector.Create(weights[1]), values);
            c.Add(Vector.Create(more[0]), values);
            d.Add(Vector.Create(more[1]), values);
        }

        sums[0] = a;
        sums[1] = b;
        sums[2] = c;
        sums[3] = d;
    }

    /// <summary>Adds what some rows of positions give to the gradients of two kernels' weights at four taps.</summary>
    /// <param name="gradients">The first kernel's gradients at the rows' positions.</param>
    /// <param name="next">Floats from the first kernel's gradients to the second's.</param>
    /// <param name="gradientDown">Floats from a row's gradients to the next row's.</param>
    /// <param name="input">The value under the kernels' first tap at the first position.</param>
    /// <param name="inputDown">Floats to the next row.</param>
    /// <param name="offsets">Floats from the first tap to each of the four.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">Positions in a row.</param>
    /// <param name="sums">Four vectors of the first kernel, four of the second.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddRows(
        float* gradients,
        nint next,
        nint gradientDown,
        float* input,
        nint inputDown,
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
        float* more = gradients + next;
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
                b.Add(Vector.Load(more + at), values);
            }

            gradients += gradientDown;
            more += gradientDown;
            inA += inputDown;
            inB += inputDown;
            inC += inputDown;
            inD += inputDown;
        }

        sums[0] = a;
        sums[1] = b;
    }

    /// <summary>The rectifier and the largest of a window's four values, the first of equal ones, or NaN where there is
    /// one.</summary>
    /// <param name="values">In reading order.</param>
    /// <param name="pooled">Takes the largest, or 0.</param>
    /// <param name="choices">Takes which it was, 0 to 3, or -1 where the rectifier let none through.</param>
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

    /// <summary>Hands a window's gradient to the value that was taken.</summary>
    /// <param name="gradient">Of the pooled value.</param>
    /// <param name="choices">As <see cref="Pool"/> left them.</param>
    /// <param name="window">Takes the gradients of the window's first position and the others.</param>
    /// <param name="down">Floats to the next row.</param>
    /// <returns>What of the gradient was handed on.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Unpool(Vector<float> gradient, float* choices, float* window, nint down)
    {
        var choice = Vector.Load((int*)choices);
        Where(gradient, choice, 0).Store(window);
        Where(gradient, choice, 1).Store(window + Lanes);
        Where(gradient, choice, 2).Store(window + down);
        Where(gradient, choice, 3).Store(window + down + Lanes);
        return Vector.ConditionalSelect(Vector.LessThan(choice, Vector<int>.Zero), Vector<float>.Zero, gradient);
    }

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
