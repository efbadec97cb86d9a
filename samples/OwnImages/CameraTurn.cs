using SkiaSharp;

namespace VisionSeqModels.Samples.OwnImages;

/// <summary>Cameras store what their sensor saw, and write beside it how they were held: the EXIF orientation.</summary>
internal static class CameraTurn
{
    /// <summary>Draws an upright picture as the sensor of a camera saw it that was held so.</summary>
    /// <param name="orientation">1, 3, 6 or 8.</param>
    /// <param name="width">The width of the upright picture.</param>
    /// <param name="height">Its height.</param>
    public static SKMatrix Matrix(int orientation, int width, int height) =>
        orientation switch
        {
            3 => SKMatrix.CreateRotationDegrees(180, width / 2f, height / 2f),
            6 => SKMatrix.CreateRotationDegrees(-90).PostConcat(SKMatrix.CreateTranslation(0, width)),
            8 => SKMatrix.CreateRotationDegrees(90).PostConcat(SKMatrix.CreateTranslation(height, 0)),
            _ => SKMatrix.Identity,
        };

    /// <summary>Puts an EXIF block with the orientation alone behind the first two bytes of a JPEG file.</summary>
    public static byte[] Mark(ReadOnlySpan<byte> jpeg, int orientation) =>
        [
            .. jpeg[..2],
            .. (ReadOnlySpan<byte>)[0xFF, 0xE1, 0, 34],
            .. "Exif\0\0II*\0"u8,
            .. (ReadOnlySpan<byte>)[8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0],
            .. jpeg[2..],
        ];
}
