namespace VisionSeqModels;

/// <summary>The training images and the test images of one data set.</summary>
public sealed class ImageDatasets : IDisposable
{
    /// <summary>Joins two sets of images of one shape and the same classes, and takes them over.</summary>
    /// <param name="train">For training.</param>
    /// <param name="test">For testing.</param>
    /// <exception cref="ArgumentException">They differ in channels, size or classes.</exception>
    public ImageDatasets(ImageDataset train, ImageDataset test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (
            (train.Channels, train.Height, train.Width) != (test.Channels, test.Height, test.Width)
            || !train.ClassNames.SequenceEqual(test.ClassNames)
        )
        {
            throw new ArgumentException(
                "Training and test images must have one shape and the same classes, but are "
                    + $"{train.Channels}x{train.Height}x{train.Width} in {train.ClassNames.Count} "
                    + $"classes and {test.Channels}x{test.Height}x{test.Width} in {test.ClassNames.Count}.",
                nameof(test)
            );
        }

        Train = train;
        Test = test;
    }

    /// <summary>The training images.</summary>
    public ImageDataset Train { get; }

    /// <summary>The test images.</summary>
    public ImageDataset Test { get; }

    /// <summary>The name of the data: <c>cifar10</c>, <c>mnist</c>, <c>fashion-mnist</c>, <c>synthetic</c> or a name of your
    /// own.</summary>
    public string Name => Train.Name;

    /// <summary>The name of each class.</summary>
    public IReadOnlyList<string> ClassNames => Train.ClassNames;

    /// <summary>Channels of each image.</summary>
    public int Channels => Train.Channels;

    /// <summary>Height of each image in pixels.</summary>
    public int Height => Train.Height;

    /// <summary>Width of each image in pixels.</summary>
    public int Width => Train.Width;

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }
}
