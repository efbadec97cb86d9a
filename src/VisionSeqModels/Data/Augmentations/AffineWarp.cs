using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Rotates, scales and moves every image of a batch by its own numbers, in one resampling.</summary>
internal static class AffineWarp
{
    private const double Circle = 180 / Math.PI;

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
        var angle = degrees.div(Scalars.Of(Circle));
        // where an output pixel comes from: back by the shift, then the inverse rotation and scale
        var (cosine, sine) = (angle.cos() / scale, angle.sin() / scale);
        var toX = stack(
            [cosine, -sine.mul(Scalars.Of(height / width)), ((sine * down) - (cosine * right)).mul(Scalars.Of(2 / width))],
            1
        );
        var toY = stack(
            [sine.mul(Scalars.Of(width / height)), cosine, ((-sine * right) - (cosine * down)).mul(Scalars.Of(2 / height))],
            1
        );
        var theta = stack([toX, toY], 1).to_type(images.dtype);
        var grid = nn.functional.affine_grid(theta, images.shape, align_corners: false);
        return nn.functional.grid_sample(images, grid, align_corners: false).MoveToOuterDisposeScope();
    }
}
