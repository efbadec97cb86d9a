using TorchSharp;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>A layer's sums so far, made on the device: two small tensors for each batch are copied to the host.</summary>
internal sealed class LayerTotals(string name, string title, int maximumBins)
{
    private readonly HistogramBuilder _widest = new(maximumBins); // of all channels; it sets the width of the bins
    private ChannelTotals[] _channels = [];

    /// <summary>Adds what the layer gave for a batch: <c>[batch, channels, …]</c>, or <c>[batch, steps, units]</c>.</summary>
    public void Add(Tensor output)
    {
        using var scope = NewDisposeScope();
        if (ChannelScan.Of(output) is ChannelScan scan)
        {
            Add(scan);
            return;
        }

        var values = ByChannel(output.detach());
        var minimum = values.amin([1]);
        var maximum = values.amax([1]);
        var finite = IsFinite(minimum, maximum) ? null : values.isfinite();
        double[] sums = Sums(values, minimum, maximum, finite);
        int channels = (int)values.size(0);
        Begin(channels);
        for (int channel = 0; channel < channels; channel++)
        {
            double At(int row) => sums[(row * channels) + channel];
            long count = (long)At(0);
            _channels[channel]
                .Add(count, values.size(1) - count, (long)At(1), mean: At(2), squares: At(3), minimum: At(4), maximum: At(5));
        }

        double least = Enumerable.Range(0, channels).Min(channel => sums[(4 * channels) + channel]);
        double greatest = Enumerable.Range(0, channels).Max(channel => sums[(5 * channels) + channel]);
        if (least <= greatest)
        {
            AddHistograms(values, finite, least, greatest);
        }
    }

    private void Begin(int channels)
    {
        if (_channels.Length == 0)
        {
            _channels = [.. Enumerable.Range(0, channels).Select(_ => new ChannelTotals(maximumBins))];
        }
    }

    private void Add(ChannelScan scan)
    {
        Begin(scan.Channels.Length);
        double least = scan.Channels.Min(channel => channel.Minimum),
            greatest = scan.Channels.Max(channel => channel.Maximum);
        int exponent = _widest.ExponentFor(least, greatest);
        double width = Math.ScaleB(1, exponent);
        long first = (long)Math.Floor(least / width);
        int bins = (int)((long)Math.Floor(greatest / width) - first + 1);
        var sums = new long[bins];
        long[][] histograms = scan.Histograms(exponent, first, bins);
        for (int channel = 0; channel < scan.Channels.Length; channel++)
        {
            long[] counts = histograms[channel];
            var (zeros, mean, squares, minimum, maximum) = scan.Channels[channel];
            _channels[channel].Add(scan.Count, 0, zeros, mean, squares, minimum, maximum);
            _channels[channel].Histogram.Add(exponent, first, counts);
            for (int bin = 0; bin < bins; bin++)
            {
                sums[bin] += counts[bin];
            }
        }

        _widest.Add(exponent, first, sums);
    }

    public LayerStatistics Build()
    {
        var channels = _channels.Select(channel => channel.Build()).ToList();
        var all = new ChannelTotals(maximumBins);
        foreach (var channel in channels)
        {
            double squares = channel.StandardDeviation * channel.StandardDeviation * channel.Count;
            all.Add(
                channel.Count,
                channel.NonFiniteCount,
                (long)Math.Round(channel.ZeroFraction * channel.Count),
                channel.Mean,
                squares,
                channel.Minimum,
                channel.Maximum
            );
        }

        return new LayerStatistics
        {
            Name = name,
            Title = title,
            Channels = channels,
            All = all.Build() with { Histogram = _widest.Build() },
        };
    }

    /// <summary>Rows are channels, columns all their values.</summary>
    private static Tensor ByChannel(Tensor output)
    {
        // images and units have their channels second, sequences last
        var rows = output.dim() == 3 ? output.permute(2, 0, 1) : output.transpose(0, 1);
        return rows.reshape(rows.size(0), -1).to_type(ScalarType.Float32);
    }

    private static bool IsFinite(Tensor minimum, Tensor maximum) =>
        minimum.isfinite().all().item<bool>() && maximum.isfinite().all().item<bool>();

    /// <summary>Six rows: count, zeros, mean, squared differences, minimum, maximum; a column for each channel.</summary>
    private static double[] Sums(Tensor values, Tensor minimum, Tensor maximum, Tensor? finite)
    {
        if (values.device_type == DeviceType.MPS)
        {
            (values, minimum, maximum, finite) = (values.cpu(), minimum.cpu(), maximum.cpu(), finite?.cpu()); // it has no float64
        }

        var exact = values.to_type(ScalarType.Float64);
        Tensor count,
            mean,
            squares;
        if (finite is null)
        {
            count = full_like(minimum, Scalars.Of(values.size(1))).to_type(ScalarType.Float64);
            mean = exact.mean([1]);
            squares = exact.sub_(mean.unsqueeze(1)).square().sum(1);
        }
        else
        {
            count = finite.sum(1).to_type(ScalarType.Float64);
            mean = where(finite, exact, 0.0).sum(1) / count.clamp(min: Scalars.One);
            squares = where(finite, exact - mean.unsqueeze(1), 0.0).square().sum(1);
            minimum = where(finite, values, float.PositiveInfinity).amin([1]);
            maximum = where(finite, values, float.NegativeInfinity).amax([1]);
        }

        var zeros = values.eq(Scalars.Zero).sum(1);
        Tensor[] rows = [count, zeros, mean, squares, minimum, maximum];
        return cat([.. rows.Select(row => row.to_type(ScalarType.Float64))]).cpu().data<double>().ToArray();
    }

    private void AddHistograms(Tensor values, Tensor? finite, double least, double greatest)
    {
        int exponent = _widest.ExponentFor(least, greatest);
        double width = Math.ScaleB(1, exponent);
        long first = (long)Math.Floor(least / width);
        int bins = (int)((long)Math.Floor(greatest / width) - first + 1);
        int channels = _channels.Length;
        var bin = (values / (float)width).floor_().to_type(ScalarType.Int64) - first; // exact: the width is a power of two
        var rows = Arithmetic.Arange(channels, ScalarType.Int64, values.device).unsqueeze(1);
        var cell = (bin + (rows * bins)).flatten();
        if (finite is not null)
        {
            cell = cell.masked_select(finite.flatten());
        }

        long[] counts = cell.bincount(null, channels * bins).cpu().data<long>().ToArray();
        long[] sums = new long[bins];
        for (int channel = 0; channel < channels; channel++)
        {
            var own = counts.AsSpan(channel * bins, bins);
            _channels[channel].Histogram.Add(exponent, first, own);
            for (int i = 0; i < bins; i++)
            {
                sums[i] += own[i];
            }
        }

        _widest.Add(exponent, first, sums);
    }
}
