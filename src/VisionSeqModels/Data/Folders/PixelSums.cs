namespace VisionSeqModels.Data;

/// <summary>Adds up the bytes of images by channel, in whole numbers, so that mean and standard deviation do not depend on the
/// order of the images.</summary>
internal sealed class PixelSums(int channels)
{
    private readonly ulong[] _sums = new ulong[channels];
    private readonly ulong[] _squares = new ulong[channels];
    private ulong _count;

    /// <summary>Adds one image <c>[channels, height, width]</c>.</summary>
    public void Add(ReadOnlySpan<byte> image)
    {
        int plane = image.Length / channels;
        _count += (ulong)plane;
        for (int channel = 0; channel < channels; channel++)
        {
            ulong sum = 0;
            ulong squares = 0;
            foreach (byte level in image.Slice(channel * plane, plane))
            {
                sum += level;
                squares += (uint)(level * level);
            }

            _sums[channel] += sum;
            _squares[channel] += squares;
        }
    }

    /// <summary>Adds what another has added up.</summary>
    public void Add(PixelSums other)
    {
        _count += other._count;
        for (int channel = 0; channel < channels; channel++)
        {
            _sums[channel] += other._sums[channel];
            _squares[channel] += other._squares[channel];
        }
    }

    /// <summary>Mean and standard deviation (of all pixels, not of a sample), where pixels are 0..1. A channel of one level has
    /// the deviation 1.</summary>
    public ImageNormalization Normalization() =>
        _count == 0
            ? ImageNormalization.Centered(channels)
            : new ImageNormalization
            {
                Mean = [.. _sums.Select(sum => sum / (255.0 * _count))],
                StandardDeviation = [.. Enumerable.Range(0, channels).Select(Deviation)],
            };

    private double Deviation(int channel)
    {
        var variance = ((UInt128)_count * _squares[channel]) - ((UInt128)_sums[channel] * _sums[channel]); // times count squared
        return variance == 0 ? 1 : Math.Sqrt((double)variance) / (255.0 * _count);
    }
}
