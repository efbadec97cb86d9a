using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Rotates, scales and moves every image of a batch by its own numbers, in one resampling.</summary>
internal static class AffineWarp
{
    private const double Circle = 180 / Math.PI;

    /// <summary>Uniform numbers <c>[batch]</c>, drawn on the CPU so that the same seed gives the same numbers on every
    /// device.</summary>
    public static Tensor Uniform(Tensor images, double low, double high) =>
        rand([images.size(0)]).mul(high - low).add(low).to(images.device);

    /// <summary>Bilinear resampling; what comes in from outside is 0.</summary>
    /// <param name="images">The images <c>[batch, channels, height, width]</c>.</param>
    /// <param name="degrees">The rotation about the image's middle, counter-clockwise, <c>[batch]</c>.</param>
    /// <param name="scale">The scale about the image's middle, <c>[batch]</c>; above 1 enlarges.</param>
    /// <param name="right">Pixels to the right, <c>[batch]</c>.</param>
    /// <param name="down">Pixels down, <c>[batch]</c>.</param>
    /// <returns>New images in the current dispose scope.</returns>
    public static Tensor Apply(Tensor images, Tensor degrees, Tensor scale, Tensor right, Tensor down)
    {
        using var scope = NewDisposeScope();
        var (height, width) = ((double)images.size(2), (double)images.size(3));
        var angle = degrees / Circle;
        // where an output pixel comes from: back by the shift, then the inverse rotation and scale
        var (cosine, sine) = (angle.cos() / scale, angle.sin() / scale);
        var toX = stack([cosine, -sine * (height / width), ((sine * down) - (cosine * right)) * (2 / width)], 1);
        var toY = stack([sine * (width / height), cosine, ((-sine * right) - (cosine * down)) * (2 / height)], 1);
        var theta = stack([toX, toY], 1).to_type(images.dtype);
        var grid = nn.functional.affine_grid(theta, images.shape, align_corners: false);
        return nn.functional.grid_sample(images, grid, align_corners: false).MoveToOuterDisposeScope();
    }
}
