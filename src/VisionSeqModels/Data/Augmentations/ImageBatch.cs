using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>What several augmentations use.</summary>
internal static class ImageBatch
{
    public static void Check(Tensor images, string augmentation)
    {
        if (images.dim() != 4)
        {
            throw new ShapeMismatchException(
                $"{augmentation} expects images [batch, channels, height, width], but received {Shape.Of(images)}. "
                    + "Augment image data only, or reshape it."
            );
        }
    }

    /// <summary>Whole numbers from −limit to limit, <c>[batch]</c>, int64.</summary>
    public static Tensor Offsets(Tensor images, int limit) => DeviceDraws.Whole(images.device, -limit, limit + 1, images.size(0));

    /// <summary>Moves every image by its own offset; pixels from outside are 0.</summary>
    /// <param name="images">The images <c>[batch, channels, height, width]</c>.</param>
    /// <param name="down">Pixels down, <c>[batch]</c>, int64.</param>
    /// <param name="right">Pixels to the right, <c>[batch]</c>, int64.</param>
    /// <param name="margin">The largest offset.</param>
    /// <returns>New images in the current dispose scope.</returns>
    public static Tensor Shift(Tensor images, Tensor down, Tensor right, int margin)
    {
        using var scope = NewDisposeScope();
        var (batch, channels, height, width) = (images.size(0), images.size(1), images.size(2), images.size(3));
        long paddedWidth = width + (2 * margin);
        var padded = nn.functional.pad(images, [margin, margin, margin, margin]).reshape(batch, channels, -1);
        var rows =
            Arithmetic.Arange(height, device: images.device).reshape(1, height, 1).Plus(Scalars.Of(margin))
            - down.reshape(batch, 1, 1);
        var columns =
            Arithmetic.Arange(width, device: images.device).reshape(1, 1, width).Plus(Scalars.Of(margin))
            - right.reshape(batch, 1, 1);
        var index = rows.mul(Scalars.Of(paddedWidth)).Plus(columns).reshape(batch, 1, -1).expand(batch, channels, -1);
        return padded.gather(2, index).reshape(batch, channels, height, width).MoveToOuterDisposeScope();
    }
}
