using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>A linear layer of a single input: four outputs at once, each by two vectors of sums.</summary>
internal static unsafe class DenseKernel
{
    private const int AtOnce = 4;

    private static int L => Vector<float>.Count;

    /// <summary>Computes all outputs.</summary>
    /// <param name="input">The input.</param>
    /// <param name="inputs">Its values.</param>
    /// <param name="weights"><c>[outputs, inputs]</c>.</param>
    /// <param name="biases"><c>[outputs]</c>.</param>
    /// <param name="outputs">How many there are.</param>
    /// <param name="results">Where they are written.</param>
    /// <param name="isRelu">Whether ReLU follows; NaN stays.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* input, int inputs, float* weights, float* biases, int outputs, float* results, bool isRelu)
    {
        float* sums = stackalloc float[AtOnce];
        for (int first = 0; first < outputs; first += AtOnce)
        {
            int count = Math.Min(AtOnce, outputs - first);
            float* a = weights + ((nint)first * inputs);
            Multiply(input, inputs, a, a + Row(1, count, inputs), a + Row(2, count, inputs), a + Row(3, count, inputs), sums);
            for (int i = 0; i < count; i++)
            {
                float sum = sums[i] + biases[first + i];
                results[first + i] = isRelu && sum <= 0 ? 0 : sum;
            }
        }
    }

    /// <summary>Floats to a row of weights; the last repeats in place of those beyond it.</summary>
    private static nint Row(int row, int count, int inputs) => (nint)Math.Min(row, count - 1) * inputs;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(float* input, int inputs, float* a, float* b, float* c, float* d, float* sums)
    {
        Vector<float> a0 = default,
            a1 = default,
            b0 = default,
            b1 = default,
            c0 = default,
            c1 = default,
            d0 = default,
            d1 = default;
        int i = 0;
        for (; i <= inputs - (2 * L); i += 2 * L)
        {
            Vector<float> left = Vector.Load(input + i),
                right = Vector.Load(input + i + L);
            a0 = Vector.FusedMultiplyAdd(left, Vector.Load(a + i), a0);
            a1 = Vector.FusedMultiplyAdd(right, Vector.Load(a + i + L), a1);
            b0 = Vector.FusedMultiplyAdd(left, Vector.Load(b + i), b0);
            b1 = Vector.FusedMultiplyAdd(right, Vector.Load(b + i + L), b1);
            c0 = Vector.FusedMultiplyAdd(left, Vector.Load(c + i), c0);
            c1 = Vector.FusedMultiplyAdd(right, Vector.Load(c + i + L), c1);
            d0 = Vector.FusedMultiplyAdd(left, Vector.Load(d + i), d0);
            d1 = Vector.FusedMultiplyAdd(right, Vector.Load(d + i + L), d1);
        }

        (sums[0], sums[1]) = (Vector.Sum(a0 + a1), Vector.Sum(b0 + b1));
        (sums[2], sums[3]) = (Vector.Sum(c0 + c1), Vector.Sum(d0 + d1));
        for (; i < inputs; i++)
        {
            sums[0] += input[i] * a[i];
            sums[1] += input[i] * b[i];
            sums[2] += input[i] * c[i];
            sums[3] += input[i] * d[i];
        }
    }
}
