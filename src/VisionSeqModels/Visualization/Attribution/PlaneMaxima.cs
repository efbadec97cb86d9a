using System.Numerics;
using System.Runtime.CompilerServices;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The greatest value of each map of a batch on the CPU, read in place. Libtorch's threads divide the images among
/// them.</summary>
internal sealed class PlaneMaxima
{
    private readonly Tensor _maps;
    private readonly int _plane;

    private PlaneMaxima(Tensor maps)
    {
        _maps = maps;
        _plane = (int)(maps.size(2) * maps.size(3));
        Values = new float[maps.size(0) * maps.size(1)];
        int threads = OpenMP.Threads(Values.Length);
        OpenMP.Run(
            threads,
            thread =>
            {
                long begin = (long)Values.Length * thread / threads,
                    end = (long)Values.Length * (thread + 1) / threads;
                for (int i = (int)begin; i < end; i++)
                {
                    Values[i] = Greatest(Plane(i));
                }
            }
        );
    }

    /// <summary>By image, then map; not-a-number where one value is.</summary>
    public float[] Values { get; }

    /// <summary>Reads <c>[batch, maps, height, width]</c>; null where the tensor is not of this kind.</summary>
    public static PlaneMaxima? Of(Tensor maps) =>
        TensorMemory.IsFloatOnCpu(maps)
        && maps.dim() == 4
        && maps.is_contiguous()
        && maps.numel() is > 0 and <= TensorMemory.MaximumCount
            ? new PlaneMaxima(maps)
            : null;

    /// <summary>Where the value of a map is, the first of equal ones: row times width plus column.</summary>
    /// <param name="index">Its place in <see cref="Values"/>.</param>
    public int PlaceOf(int index) => Plane(index).IndexOf(Values[index]);

    private ReadOnlySpan<float> Plane(int index) => TensorMemory.Floats(_maps).Slice(index * _plane, _plane);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Greatest(ReadOnlySpan<float> values)
    {
        var most = new Vector<float>(float.NegativeInfinity);
        var numbers = Vector<int>.AllBitsSet;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var some = new Vector<float>(values[i..]);
            numbers &= Vector.Equals(some, some);
            most = Vector.MaxNative(most, some);
        }

        float greatest = Vector.EqualsAll(numbers, Vector<int>.AllBitsSet) ? float.NegativeInfinity : float.NaN;
        for (; i < values.Length; i++)
        {
            greatest = MathF.Max(greatest, values[i]); // not-a-number where one is
        }

        for (int k = 0; k < Vector<float>.Count; k++)
        {
            greatest = MathF.Max(greatest, most[k]);
        }

        return greatest;
    }
}
