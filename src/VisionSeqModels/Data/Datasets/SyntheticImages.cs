using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Pictures of ten shapes, drawn by the program, to try things without real data.</summary>
/// <remarks>Each image shows one of ten shapes at a random place, size and angle, light on dark or dark on light in random
/// colours, with noise. On average no pixel is brighter for one class than for another. So a linear model learns little from
/// them, and a LeNet learns much: docs/data.md has the numbers. Without <see cref="SyntheticImagesOptions.Varied"/> they are
/// easier. The same options give the same bytes on every system. The
/// name of the data is <c>synthetic</c>.</remarks>
public static class SyntheticImages
{
    /// <summary>Draws the images.</summary>
    /// <param name="options">Size and seed; null for 5,000 and 1,000 images of 3×32×32.</param>
    /// <returns>Training and test images with equally many of each class, in random order; the caller disposes them.</returns>
    /// <exception cref="InvalidOptionsException">Options out of range; the message names every one.</exception>
    public static ImageDatasets Create(SyntheticImagesOptions? options = null)
    {
        options ??= new SyntheticImagesOptions();
        options.Validate();
        TorchRuntime.EnsureAvailable();
        return new ImageDatasets(Draw(options, options.TrainCount, part: 1), Draw(options, options.TestCount, part: 2));
    }

    private static ImageDataset Draw(SyntheticImagesOptions options, int count, int part)
    {
        int imageBytes = options.Channels * options.Size * options.Size;
        byte[] pixels = new byte[checked(count * imageBytes)];
        long[] labels = new long[count];
        long[] order = EpochOrder.Shuffled(count, options.Seed, part);
        var painter = new ShapePainter(options.Channels, options.Size, options.Varied);
        ulong seed = SplitMix.Mix(SplitMix.Mix(unchecked((ulong)options.Seed)) ^ (uint)part);
        for (int i = 0; i < count; i++)
        {
            int shape = (int)(order[i] % ShapePainter.Names.Count);
            labels[i] = shape;
            painter.Draw(shape, new SplitMix(SplitMix.Mix(seed + (ulong)i)), pixels.AsSpan(i * imageBytes, imageBytes));
        }

        using var scope = NewDisposeScope();
        return new ImageDataset(
            "synthetic",
            tensor(pixels).reshape(count, options.Channels, options.Size, options.Size),
            tensor(labels),
            ShapePainter.Names,
            ImageNormalization.Centered(options.Channels)
        );
    }
}
