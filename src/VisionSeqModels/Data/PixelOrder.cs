using VisionSeqModels.Torch;

namespace VisionSeqModels.Data;

/// <summary>Recognises images whose channels stand last (NHWC), as TensorFlow and picture files have them. This library, as
/// PyTorch, has them first.</summary>
/// <remarks>A size with 1, 3 or 4 at the end and more than 4 in both other places: nobody has images of 28 channels and one
/// column, and most who seem to have them gave the channels last.</remarks>
internal static class PixelOrder
{
    private const int MostChannels = 4;

    /// <summary>Whether the size [channels, height, width] looks like [height, width, channels].</summary>
    public static bool IsReversed(long channels, long height, long width) =>
        width is 1 or 3 or MostChannels && channels > MostChannels && height > MostChannels;

    /// <summary>The same of a shape with any number of sizes before.</summary>
    public static bool IsReversed(ReadOnlySpan<long> shape) => shape.Length >= 3 && IsReversed(shape[^3], shape[^2], shape[^1]);

    /// <summary>What is wrong and what to do, for the end of a sentence that names the images.</summary>
    public static string Advice(ReadOnlySpan<long> shape) =>
        $"channels before height and width, but {Shape.Of(shape.ToArray())} has them last. Give "
        + (shape.Length == 3 ? "permute(2, 0, 1)" : "permute(0, 3, 1, 2)")
        + ".contiguous() of the tensor, or write the file in that order";
}
