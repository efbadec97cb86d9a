using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Visualization;

/// <summary>Sum, zeros, minimum and maximum of a channel, plane by plane.</summary>
internal record struct PlaneSums()
{
    public double Sum { get; private set; }

    public long Zeros { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    /// <summary>Adds a plane; false where a value is not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(ReadOnlySpan<float> values)
    {
        Vector<double> low = default,
            high = default;
        Vector<float> products = default; // zero times a value is zero, but for what is not finite
        Vector<int> zeros = default; // minus their number
        var least = new Vector<float>(float.PositiveInfinity);
        var most = new Vector<float>(float.NegativeInfinity);
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var some = new Vector<float>(values[i..]);
            products += some * 0f;
            zeros += Vector.Equals(some, Vector<float>.Zero);
            Vector.Widen(some, out var first, out var second);
            low += first;
            high += second;
            least = Vector.MinNative(least, some);
            most = Vector.MaxNative(most, some);
        }

        float product = Vector.Sum(products);
        double sum = Vector.Sum(low) + Vector.Sum(high);
        long zeroCount = -Vector.Sum(zeros);
        for (; i < values.Length; i++)
        {
            float value = values[i];
            product += value * 0f;
            sum += value;
            zeroCount += value == 0 ? 1 : 0;
            (Minimum, Maximum) = (Math.Min(Minimum, value), Math.Max(Maximum, value));
        }

        for (int k = 0; k < Vector<float>.Count; k++)
        {
            (Minimum, Maximum) = (Math.Min(Minimum, least[k]), Math.Max(Maximum, most[k]));
        }

        (Sum, Zeros) = (Sum + sum, Zeros + zeroCount);
        return product == 0;
    }
}
