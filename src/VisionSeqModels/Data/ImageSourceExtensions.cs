using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>What can be done with every source of images.</summary>
public static class ImageSourceExtensions
{
    /// <summary>Divides the images in two, with the same fraction of every class in each part, without copying them.</summary>
    /// <param name="data">The images; they stay their owner's, and must live as long as the parts are used.</param>
    /// <param name="fraction">The fraction that goes into the second part; above 0 and below 1.</param>
    /// <param name="seed">Decides which images; the same seed gives the same split on every machine.</param>
    /// <returns>The part for training and the part set aside for validation.</returns>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    public static (ImageSubset Train, ImageSubset Validation) Split(this IImageSource data, double fraction, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(fraction, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fraction, 1);
        return StratifiedSplit.Of(data, fraction, seed);
    }
}
