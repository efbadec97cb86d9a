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

    /// <summary>Divides the images into folds for cross-validation, without copying them: each image is held out by exactly one
    /// fold, which trains on all others.</summary>
    /// <remarks>Source of the division by class within groups: scikit-learn's <c>StratifiedGroupKFold</c>. Without groups the
    /// folds' sizes, and their counts of each class, differ by one at most, as those of <c>StratifiedKFold</c>.</remarks>
    /// <param name="data">The images; they stay their owner's, and must live as long as the parts are used.</param>
    /// <param name="count">The number of folds, at least 2.</param>
    /// <param name="seed">Decides which images; the same seed gives the same folds on every machine.</param>
    /// <param name="stratified">Whether each fold holds out the same fraction of every class; default true.</param>
    /// <param name="group">Gives the group of the image at an index, for example its person or its recording: a group is never
    /// on both sides. Default null, each image by itself.</param>
    /// <returns>For each fold the part for training and the part that is held out, in stored order.</returns>
    /// <exception cref="ArgumentException">There are fewer images, or fewer groups, than folds.</exception>
    public static IReadOnlyList<(ImageSubset Train, ImageSubset HeldOut)> Folds(
        this IImageSource data,
        int count,
        long seed = 0,
        bool stratified = true,
        Func<long, long>? group = null
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        int[] foldOf = KFold.Of(data, count, seed, stratified, group);
        return [.. Enumerable.Range(0, count).Select(fold => KFold.Parts(data, foldOf, fold))];
    }
}
