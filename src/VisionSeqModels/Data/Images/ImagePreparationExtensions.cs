using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>Prepares single pictures.</summary>
public static class ImagePreparationExtensions
{
    /// <summary>Decodes a picture and prepares it, as the library does for training and for <c>ImageClassifier</c>. It needs no
    /// libtorch, so a service that runs an exported model can use it.</summary>
    /// <param name="preparation">The image that is wanted.</param>
    /// <param name="file">A whole JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <param name="pixelLimit">A picture of more pixels is refused before it is decoded; default 67,108,864.</param>
    /// <returns>The image <c>[channels, height, width]</c>, a byte each, channel after channel.</returns>
    /// <exception cref="UnreadableImageException">It is no such picture, is damaged or too large.</exception>
    /// <exception cref="InvalidOptionsException">The preparation has a value that cannot be used.</exception>
    public static byte[] Decode(
        this ImagePreparation preparation,
        ReadOnlySpan<byte> file,
        long pixelLimit = ImageDecoder.DefaultPixelLimit
    )
    {
        ArgumentNullException.ThrowIfNull(preparation);
        preparation.Validate();
        return ImageDecoder.Decode(file, preparation, pixelLimit);
    }
}
