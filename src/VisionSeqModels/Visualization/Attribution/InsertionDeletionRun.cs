using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The curves of one image.</summary>
internal static class InsertionDeletionRun
{
    /// <summary>The curves, to be asked for when those of all images were run.</summary>
    public static (Func<double[]> Deletion, Func<double[]> Insertion) Curves(
        ExplainedOutput explained,
        Tensor images,
        int index,
        AttributionMap map,
        InsertionDeletionOptions options,
        CancellationToken cancellationToken
    )
    {
        using var normal = inference_mode(false);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var image = explained.Image(images, index);
        var empty = full_like(image, Scalars.Of(options.Fill));
        var blurred = options.BlurRadius == 0 ? empty : Blurred(image, options.BlurRadius);
        var ranks = tensor(Ranks(options.ByMagnitude ? map.MaximumMagnitude() : map.Sum()), device: image.device)
            .reshape(1, 1, image.size(2), image.size(3));
        long pixels = image.size(2) * image.size(3);
        Func<double[]> Curve(Tensor inside, Tensor outside)
        {
            var values = new List<Func<double[]>>();
            foreach (int[] steps in Enumerable.Range(0, options.StepCount + 1).Chunk(options.BatchSize))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var chunk = NewDisposeScope();
                long[] counts = [.. steps.Select(step => (long)Math.Round((double)step * pixels / options.StepCount))];
                var changed = ranks.lt(tensor(counts, device: image.device).reshape(-1, 1, 1, 1));
                values.Add(explained.Probabilities(where(changed, inside, outside), map.Target));
            }

            return () => [.. values.SelectMany(some => some())];
        }

        return (Curve(empty, image), Curve(image, blurred));
    }

    /// <summary>For each pixel how many come before it: the highest first, of equal ones the first, NaN last.</summary>
    private static long[] Ranks(double[,] values)
    {
        double[] flat = [.. values.Cast<double>().Select(value => double.IsNaN(value) ? double.NegativeInfinity : value)];
        var ranks = new long[flat.Length];
        int rank = 0;
        foreach (int pixel in Enumerable.Range(0, flat.Length).OrderByDescending(i => flat[i])) // a stable order
        {
            ranks[pixel] = rank++;
        }

        return ranks;
    }

    /// <summary>A Gaussian of that deviation, cut off at one deviation as in the paper's code, with zeros outside.</summary>
    private static Tensor Blurred(Tensor image, int radius)
    {
        var line = exp(-Arithmetic.Range(-radius, radius + 1, ScalarType.Float64).square() / (2.0 * radius * radius));
        line = (line / line.sum()).to_type(image.dtype).to(image.device);
        long channels = image.size(1),
            size = (2 * radius) + 1;
        var rows = nn.functional.conv2d(
            image,
            line.reshape(1, 1, size, 1).repeat(channels, 1, 1, 1),
            padding: [radius, 0],
            groups: channels
        );
        return nn.functional.conv2d(
            rows,
            line.reshape(1, 1, 1, size).repeat(channels, 1, 1, 1),
            padding: [0, radius],
            groups: channels
        );
    }
}
