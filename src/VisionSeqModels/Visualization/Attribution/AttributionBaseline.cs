using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The images that attribution begins at, batch by batch: zeros, one for all, or one for each.</summary>
internal sealed class AttributionBaseline
{
    private readonly Tensor? _baseline;
    private long _done;

    /// <exception cref="ShapeMismatchException">It has not the images' shape.</exception>
    public AttributionBaseline(Tensor? baseline, Tensor images)
    {
        bool fits =
            baseline is null
            || (
                baseline.shape.Skip(1).SequenceEqual(images.shape.Skip(1))
                && (baseline.size(0) == 1 || baseline.size(0) == images.size(0))
            );
        _baseline = fits
            ? baseline
            : throw new ShapeMismatchException(
                $"The baseline must have the images' shape {Shape.Of(images)}, or be one image of it, but has "
                    + $"{Shape.Of(baseline!)}."
            );
    }

    /// <summary>Those of the next batch of images, of its dtype and on its device.</summary>
    public Tensor Next(Tensor batch)
    {
        long begin = _done;
        _done += batch.size(0);
        return At(begin, batch);
    }

    /// <summary>That of the first image.</summary>
    public Tensor First(Tensor image) => At(0, image);

    private Tensor At(long begin, Tensor batch) =>
        _baseline is null
            ? zeros_like(batch)
            : (_baseline.size(0) == 1 ? _baseline.expand(batch.shape) : _baseline.narrow(0, begin, batch.size(0)))
                .detach()
                .to(batch.device)
                .to_type(batch.dtype);
}
