using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What a class activation map of a batch is made of.</summary>
/// <param name="Batches">The model, and what is explained.</param>
/// <param name="Images">The images.</param>
/// <param name="Targets">Their classes.</param>
/// <param name="Activation">The layer's feature maps <c>[batch, channels, height, width]</c>.</param>
/// <param name="Gradient">Their gradient, of the same shape.</param>
internal sealed record ClassActivationParts(
    AttributionBatches Batches,
    Tensor Images,
    long[] Targets,
    Tensor Activation,
    Tensor Gradient
)
{
    /// <summary>Grad-CAM++: g² / (2g² + ΣA·g³) is 1 / (2 + ΣA·g) where the gradient g is not 0.</summary>
    public Tensor PlusPlus()
    {
        var below = 2 + (Activation.sum([2, 3], keepdim: true) * Gradient);
        var none = Gradient.eq(Scalars.Zero).logical_or(below.eq(Scalars.Zero));
        var alpha = where(none, zeros_like(below), 1 / where(none, ones_like(below), below));
        return ((alpha * Gradient.relu()).sum([2, 3], keepdim: true) * Activation).sum([1], keepdim: true);
    }

    /// <summary>Eigen-CAM. The map of a sample with a value that is not finite is NaN.</summary>
    public Tensor FirstDirection()
    {
        var rows = Activation.flatten(2).transpose(1, 2).cpu().to_type(ScalarType.Float64); // [batch, places, channels]
        var finite = rows.isfinite().all(2, keepdim: true).all(1, keepdim: true);
        var (_, _, directions) = linalg.svd(where(finite, rows, zeros_like(rows)), fullMatrices: false);
        var projection = rows.matmul(directions.narrow(1, 0, 1).transpose(1, 2)); // [batch, places, 1]
        var signed = projection * where(projection.sum(1, keepdim: true).lt(Scalars.Zero), -1.0, 1.0);
        return where(finite, signed, full_like(signed, Scalars.NaN))
            .reshape(Activation.size(0), 1, Activation.size(2), Activation.size(3))
            .to(Activation.device)
            .to_type(Activation.dtype);
    }

    /// <summary>Score-CAM, a number of masked images at a time.</summary>
    public Tensor ByScore(int size, CancellationToken cancellationToken)
    {
        long images = Activation.size(0),
            maps = Activation.size(1);
        var all = Activation.reshape(images * maps, 1, Activation.size(2), Activation.size(3));
        var scores = new List<Tensor>();
        for (long begin = 0; begin < images * maps; begin += size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            int count = (int)Math.Min(size, (images * maps) - begin);
            long[] of = [.. Enumerable.Range(0, count).Select(i => (begin + i) / maps)];
            var masked = Images.index_select(0, tensor(of, device: Images.device)) * Masks(all.narrow(0, begin, count));
            var selected = Batches.Selected(Batches.Outputs(masked), [.. of.Select(image => Targets[image])]);
            scores.Add(selected.clone().MoveToOuterDisposeScope());
        }

        var weights = cat(scores).reshape(images, maps).softmax(1);
        return (weights.reshape(images, maps, 1, 1) * Activation).sum([1], keepdim: true);
    }

    /// <summary>Feature maps in the images' size, each from 0 to 1; one that is the same everywhere hides all.</summary>
    private Tensor Masks(Tensor maps)
    {
        var large = nn.functional.interpolate(
            maps,
            size: [Images.size(2), Images.size(3)],
            mode: InterpolationMode.Bilinear,
            align_corners: false
        );
        var least = large.amin([2, 3], keepdim: true);
        var range = large.amax([2, 3], keepdim: true) - least;
        var flat = range.eq(Scalars.Zero);
        return where(flat, zeros_like(large), (large - least) / where(flat, ones_like(range), range));
    }
}
