using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Sums of feature distances and probabilities, batch by batch.</summary>
internal sealed class InvarianceTotals(
    nn.Module<Tensor, Tensor> model,
    InvarianceCurvesOptions options,
    IReadOnlyList<string> layers
)
{
    private readonly IReadOnlyList<double> _amounts = options.ChosenAmounts;

    /// <summary>For each layer and amount the sum of distances over the images.</summary>
    public double[][] Distances { get; } = [.. layers.Select(_ => new double[options.ChosenAmounts.Count])];

    /// <summary>For each amount the sum of the true class's probabilities.</summary>
    public double[] Probabilities { get; } = new double[options.ChosenAmounts.Count];

    public void Add(Tensor images, Tensor labels, CancellationToken cancellationToken)
    {
        var given = new Tensor[layers.Count];
        using var probe = new ModelProbe(model);
        for (int i = 0; i < given.Length; i++)
        {
            int layer = i;
            probe.Watch(layers[i], output => given[layer] = output.detach().clone().MoveToOuterDisposeScope());
        }

        probe.Call(images);
        Tensor[] original = [.. given];
        for (int i = 0; i < _amounts.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var probabilities = OutputScores.Probabilities(probe.Call(Transformed(images, options.Transform, _amounts[i])));
            Probabilities[i] += TensorNumbers.Doubles(probabilities.gather(1, labels.cpu().unsqueeze(1))).Sum();
            for (int layer = 0; layer < given.Length; layer++)
            {
                var moved = given[layer] - original[layer];
                Distances[layer][i] += TensorNumbers.Doubles(moved.flatten(1).norm(1)).Sum();
            }
        }
    }

    /// <exception cref="ShapeMismatchException">The batch holds no images, or not one label for each.</exception>
    public static void Check(Tensor images, Tensor labels)
    {
        if (images.dim() != 4 || labels.dim() != 1)
        {
            throw new ShapeMismatchException(
                "Invariance needs images [batch, channels, height, width] and a class for each, but got "
                    + $"{Shape.Of(images)} and {Shape.Of(labels)}."
            );
        }
    }

    /// <summary>The images transformed about their middle, with bilinear values between pixels and 0 outside.</summary>
    public static Tensor Transformed(Tensor images, ImageTransform transform, double amount)
    {
        double angle = transform == ImageTransform.Rotate ? amount * Math.PI / 180 : 0,
            factor = transform == ImageTransform.Scale ? amount : 1,
            shift = transform == ImageTransform.Shift ? 2 * amount / images.size(3) : 0;
        double ratio = (double)images.size(2) / images.size(3);
        // From the new image's coordinates, −1 to 1, to the old one's.
        float[] matrix =
        [
            (float)(Math.Cos(angle) / factor),
            (float)(-Math.Sin(angle) * ratio / factor),
            (float)-shift,
            (float)(Math.Sin(angle) / ratio / factor),
            (float)(Math.Cos(angle) / factor),
            0,
        ];
        var theta = tensor(matrix, device: images.device).to_type(images.dtype).reshape(1, 2, 3).expand(images.size(0), -1, -1);
        var grid = nn.functional.affine_grid(theta, images.shape, align_corners: false);
        return nn.functional.grid_sample(images, grid, align_corners: false);
    }
}
