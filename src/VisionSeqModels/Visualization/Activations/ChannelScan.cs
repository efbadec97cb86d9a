using System.Numerics;
using System.Runtime.CompilerServices;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The statistics of each channel of a batch of feature maps on the CPU, read in place: three quick passes over memory
/// that is in the cache, instead of a dozen tensors. Libtorch's threads divide the channels among them.</summary>
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
            || output.numel() is 0 or > TensorMemory.MaximumCount
        )
        {
            return null;
        }

        var scan = new ChannelScan(output);
        var finite = new bool[scan._channels];
        scan.ForEachChannel(channel => finite[channel] = scan.Measure(channel));
        return Array.TrueForAll(finite, value => value) ? scan : null;
    }

    /// <summary>Counts the values of each channel: see <see cref="Histogram"/>.</summary>
    public long[][] Histograms(int exponent, long firstBin, int bins)
    {
        var counts = new long[_channels][];
        ForEachChannel(channel => counts[channel] = Histogram(channel, exponent, firstBin, bins));
        return counts;
    }

    private void ForEachChannel(Action<int> work)
    {
        int threads = OpenMP.Threads(_channels);
        OpenMP.Run(
            threads,
            thread =>
            {
                for (int channel = thread; channel < _channels; channel += threads)
                {
                    work(channel);
                }
            }
        );
    }

    /// <summary>Counts a channel's values into bins of the width 2^<paramref name="exponent"/>, the first of which has the
    /// number <paramref name="firstBin"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long[] Histogram(int channel, int exponent, long firstBin, int bins)
    {
        float scale = (float)Math.ScaleB(1, -exponent); // exact: a power of two
        int lanes = Vector<int>.Count;
        var counts = new int[lanes * bins]; // a table a lane, so that equal values, zeros above all, do not wait for each other
        var tables = Vector.CreateSequence(-(int)firstBin, bins);
        Span<int> at = stackalloc int[lanes];
        var all = Values();
        for (int image = 0; image < _images; image++)
        {
            var plane = Plane(all, image, channel);
            int i = 0;
            for (; i <= plane.Length - lanes; i += lanes)
            {
                (Vector.ConvertToInt32Native(Vector.Floor(new Vector<float>(plane[i..]) * scale)) + tables).CopyTo(at);
                for (int lane = 0; lane < at.Length; lane++)
                {
                    counts[at[lane]]++;
                }
            }

            for (; i < plane.Length; i++)
            {
                counts[(int)(MathF.Floor(plane[i] * scale) - firstBin)]++;
            }
        }

        return
        [
            .. Enumerable.Range(0, bins).Select(bin => Enumerable.Range(0, lanes).Sum(lane => (long)counts[(lane * bins) + bin])),
        ];
    }

    private ReadOnlySpan<float> Values() => TensorMemory.Floats(_output);

    private ReadOnlySpan<float> Plane(ReadOnlySpan<float> all, int image, int channel) =>
        all.Slice(((image * _channels) + channel) * _plane, _plane);

    /// <summary>False where a value is not finite.</summary>
    private bool Measure(int channel)
    {
        var sums = default(PlaneSums);
        var all = Values();
        for (int image = 0; image < _images; image++)
        {
            if (!sums.Add(Plane(all, image, channel)))
            {
                return false;
            }
        }

        double mean = sums.Sum / Count;
        double squares = 0;
        for (int image = 0; image < _images; image++)
        {
            squares += Squares(Plane(all, image, channel), mean);
        }

        Channels[channel] = (sums.Zeros, mean, squares, sums.Minimum, sums.Maximum);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
