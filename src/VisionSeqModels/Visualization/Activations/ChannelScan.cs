using System.Numerics;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The statistics of each channel of a batch of feature maps on the CPU, read in place: three quick passes over memory
/// that is in the cache, instead of a dozen tensors.</summary>
internal sealed class ChannelScan
{
    private readonly Tensor _output;
    private readonly int _images;
    private readonly int _channels;
    private readonly int _plane;

    private ChannelScan(Tensor output)
    {
        _output = output;
        _images = (int)output.size(0);
        _channels = (int)output.size(1);
        _plane = (int)(output.numel() / (output.size(0) * output.size(1)));
        Channels = new (long Zeros, double Mean, double Squares, double Minimum, double Maximum)[_channels];
    }

    /// <summary>For each channel zeros, mean, squared differences from it, minimum and maximum.</summary>
    public (long Zeros, double Mean, double Squares, double Minimum, double Maximum)[] Channels { get; }

    /// <summary>How many values a channel has.</summary>
    public long Count => (long)_images * _plane;

    /// <summary>Reads <c>[batch, channels, …]</c>; null where the tensor is not of this kind, or holds a value that is not
    /// finite.</summary>
    public static ChannelScan? Of(Tensor output)
    {
        if (
            output.device_type != TorchSharp.DeviceType.CPU
            || output.dtype != ScalarType.Float32
            || output.dim() is not (2 or 4)
            || !output.is_contiguous()
            || output.numel() == 0
        )
        {
            return null;
        }

        var scan = new ChannelScan(output);
        // on this thread: libtorch's own are still spinning on the other cores
        for (int channel = 0; channel < scan._channels; channel++)
        {
            if (!scan.Measure(channel))
            {
                return null;
            }
        }

        return scan;
    }

    /// <summary>Counts a channel's values into bins of the width 2^<paramref name="exponent"/>, the first of which has the
    /// number <paramref name="firstBin"/>.</summary>
    public long[] Histogram(int channel, int exponent, long firstBin, int bins)
    {
        float scale = (float)Math.ScaleB(1, -exponent); // exact: a power of two
        var odd = new long[bins];
        var even = new long[bins]; // neighbours in two tables, so that equal ones, zeros above all, do not wait for each other
        var first = new Vector<int>((int)firstBin);
        Span<int> at = stackalloc int[Vector<int>.Count];
        var all = Values();
        for (int image = 0; image < _images; image++)
        {
            var plane = Plane(all, image, channel);
            int i = 0;
            for (; i <= plane.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                (Vector.ConvertToInt32(Vector.Floor(new Vector<float>(plane[i..]) * scale)) - first).CopyTo(at);
                for (int k = 0; k < at.Length; k += 2)
                {
                    even[at[k]]++;
                    odd[at[k + 1]]++;
                }
            }

            for (; i < plane.Length; i++)
            {
                even[(int)(MathF.Floor(plane[i] * scale) - firstBin)]++;
            }
        }

        for (int bin = 0; bin < bins; bin++)
        {
            even[bin] += odd[bin];
        }

        return even;
    }

    private ReadOnlySpan<float> Values() => TensorMemory.Floats(_output);

    private ReadOnlySpan<float> Plane(ReadOnlySpan<float> all, int image, int channel) =>
        all.Slice(((image * _channels) + channel) * _plane, _plane);

    /// <summary>False where a value is not finite.</summary>
    private bool Measure(int channel)
    {
        long zeros = 0;
        double sum = 0,
            squares = 0,
            minimum = double.PositiveInfinity,
            maximum = double.NegativeInfinity;
        var all = Values();
        for (int image = 0; image < _images; image++)
        {
            var plane = Plane(all, image, channel);
            if (!IsFinite(plane))
            {
                return false;
            }

            zeros += plane.Count(0f);
            sum += Sum(plane, ref minimum, ref maximum);
        }

        double mean = sum / Count;
        for (int image = 0; image < _images; image++)
        {
            squares += Squares(Plane(all, image, channel), mean);
        }

        Channels[channel] = (zeros, mean, squares, minimum, maximum);
        return true;
    }

    /// <summary>Zero times a value is zero, but for what is not finite.</summary>
    private static bool IsFinite(ReadOnlySpan<float> values)
    {
        var products = Vector<float>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            products += new Vector<float>(values[i..]) * 0f;
        }

        float rest = 0;
        for (; i < values.Length; i++)
        {
            rest += values[i] * 0f;
        }

        return Vector.Sum(products) + rest == 0;
    }

    private static double Sum(ReadOnlySpan<float> values, ref double minimum, ref double maximum)
    {
        Vector<double> low = default,
            high = default;
        var least = new Vector<float>(float.PositiveInfinity);
        var most = new Vector<float>(float.NegativeInfinity);
        double rest = 0;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var some = new Vector<float>(values[i..]);
            Vector.Widen(some, out var first, out var second);
            low += first;
            high += second;
            least = Vector.Min(least, some);
            most = Vector.Max(most, some);
        }

        for (; i < values.Length; i++)
        {
            rest += values[i];
            minimum = Math.Min(minimum, values[i]);
            maximum = Math.Max(maximum, values[i]);
        }

        for (int k = 0; k < Vector<float>.Count; k++)
        {
            minimum = Math.Min(minimum, least[k]);
            maximum = Math.Max(maximum, most[k]);
        }

        return rest + Vector.Sum(low) + Vector.Sum(high);
    }

    private static double Squares(ReadOnlySpan<float> values, double mean)
    {
        Vector<double> low = default,
            high = default;
        var middle = new Vector<double>(mean);
        double rest = 0;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var first, out var second);
            low += (first - middle) * (first - middle);
            high += (second - middle) * (second - middle);
        }

        for (; i < values.Length; i++)
        {
            rest += (values[i] - mean) * (values[i] - mean);
        }

        return rest + Vector.Sum(low) + Vector.Sum(high);
    }
}
