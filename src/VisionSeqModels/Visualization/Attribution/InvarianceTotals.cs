using VisionSeqModels.Data;
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

    private readonly OutputKind _outputs = new();
    private readonly double[][] _readings = [.. options.ChosenAmounts.Select(_ => Array.Empty<double>())];
    private long _columns;

    /// <summary>For each amount the sum of the true class's probabilities over all images that were added.</summary>
    public IReadOnlyList<double> Probabilities => [.. _readings.Select(sums => sums[_outputs.ReadingOf(_columns)])];

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
            var outputs = probe.Call(Transformed(images, options.Transform, _amounts[i]));
            _outputs.See(outputs);
            double[] sums = SumsOf(outputs, labels.cpu());
            _readings[i] = _readings[i].Length == 0 ? sums : [.. _readings[i].Zip(sums, (all, some) => all + some)];
            for (int layer = 0; layer < given.Length; layer++)
            {
                var moved = given[layer] - original[layer];
                Distances[layer][i] += TensorNumbers.Doubles(moved.flatten(1).norm(1)).Sum();
            }
        }
    }

    /// <summary>The sum of the true classes' probabilities, for each of the ways to read outputs. Of one column the classes are
    /// no (0) and yes (1).</summary>
    private double[] SumsOf(Tensor outputs, Tensor labels)
    {
        _columns = outputs.dim() == 2 ? outputs.size(1) : 0;
        long classes = Math.Max(2, _columns);
        if (_columns == 0 || labels.lt(Scalars.Zero).logical_or(labels.ge(Scalars.Of(classes))).any().item<bool>())
        {
            throw new ShapeMismatchException(
                "Invariance needs scores [batch, classes] with one for each label, but the scores are "
                    + $"{Shape.Of(outputs)} and the labels go from {labels.min().item<long>()} to {labels.max().item<long>()}."
            );
        }

        return
        [
            .. OutputKind
                .Readings(outputs)
                .Select(values => _columns == 1 ? cat([1 - values, values], 1) : values)
                .Select(values => TensorNumbers.Doubles(values.gather(1, labels.unsqueeze(1))).Sum()),
        ];
    }

    /// <exception cref="ShapeMismatchException">The batch holds no images, or not one label for each.</exception>
    public static void Check(Batch batch)
    {
        var (images, labels) = (batch.Inputs, batch.Targets);
        if (batch.Lengths is not null)
        {
            throw new ShapeMismatchException(
                "Invariance transforms whole images, but the data has lengths. Give images whose steps all count."
            );
        }

        if (images.dim() != 4 || !images.is_floating_point() || labels.dim() != 1 || labels.dtype != ScalarType.Int64)
        {
            throw new ShapeMismatchException(
                "Invariance needs images [batch, channels, height, width] of a floating dtype and a class for each, int64, but "
                    + $"got {images.dtype} {Shape.Of(images)} and {labels.dtype} {Shape.Of(labels)}."
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
