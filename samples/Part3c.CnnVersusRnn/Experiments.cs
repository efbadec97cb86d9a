using VisionSeqModels;
using VisionSeqModels.Samples;
using static TorchSharp.torch;

/// <summary>What is done to the images.</summary>
internal static class Experiments
{
    /// <summary>The same images with their rows in one order drawn from a seed.</summary>
    public static ImageDatasets PermuteRows(ImageDatasets data, int seed)
    {
        int[] order = [.. Enumerable.Range(0, data.Height)];
        new Random(seed).Shuffle(order);
        using var index = tensor(order.Select(row => (long)row).ToArray());
        return new ImageDatasets(
            data.Train.Map(images => images.index_select(2, index)),
            data.Test.Map(images => images.index_select(2, index))
        );
    }

    /// <summary>The accuracy of each model on images moved by so many pixels: the mean of a shift to the right, left, down
    /// and up.</summary>
    public static double[] AccuracyWhenShifted(IReadOnlyList<Contestant> models, ImageDataset test, int pixels)
    {
        (int Right, int Down)[] ways = pixels == 0 ? [(0, 0)] : [(pixels, 0), (-pixels, 0), (0, pixels), (0, -pixels)];
        double[] sums = new double[models.Count];
        foreach (var (right, down) in ways)
        {
            using var moved = MovedImages.Of(test, right, down);
            for (int i = 0; i < models.Count; i++)
            {
                sums[i] += models[i].AccuracyOn(moved);
            }
        }

        return [.. sums.Select(sum => sum / ways.Length)];
    }
}
