using static TorchSharp.torch;

namespace VisionSeqModels.Samples;

/// <summary>Images that are shifted, to see what becomes of a model's accuracy.</summary>
public static class MovedImages
{
    /// <summary>The same images moved by some pixels, with black where nothing is left.</summary>
    public static ImageDataset Of(ImageDataset images, int right, int down) =>
        images.Map(pixels =>
        {
            var moved = zeros_like(pixels);
            long height = pixels.size(2) - Math.Abs(down),
                width = pixels.size(3) - Math.Abs(right);
            var from = pixels.narrow(2, Math.Max(0, -down), height).narrow(3, Math.Max(0, -right), width);
            moved.narrow(2, Math.Max(0, down), height).narrow(3, Math.Max(0, right), width).copy_(from);
            return moved;
        });
}
