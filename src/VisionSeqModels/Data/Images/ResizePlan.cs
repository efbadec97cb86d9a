namespace VisionSeqModels.Data;

/// <summary>Where a picture of some size lands in an image: the size it is scaled to, the part of that which is kept, and the
/// place of that part in the image. docs/own-images.md has the formulas.</summary>
/// <param name="ScaledWidth">The width that the whole picture is scaled to.</param>
/// <param name="ScaledHeight">The height that the whole picture is scaled to.</param>
/// <param name="CropLeft">The first column of the scaled picture that is kept.</param>
/// <param name="CropTop">The first row that is kept.</param>
/// <param name="Width">Columns that are kept.</param>
/// <param name="Height">Rows that are kept.</param>
/// <param name="Left">The column of the image where they begin.</param>
/// <param name="Top">The row of the image where they begin.</param>
internal readonly record struct ResizePlan(
    long ScaledWidth,
    long ScaledHeight,
    long CropLeft,
    long CropTop,
    int Width,
    int Height,
    int Left,
    int Top
)
{
    public static ResizePlan Of(int width, int height, ImagePreparation image) =>
        image.Resize switch
        {
            ImageResize.ShorterSide => Cover(width, height, image.Width, image.Height),
            ImageResize.Letterbox => Fit(width, height, image.Width, image.Height),
            _ => new ResizePlan(image.Width, image.Height, 0, 0, image.Width, image.Height, 0, 0),
        };

    /// <summary>As torchvision's Resize (of the shorter side) and CenterCrop have it.</summary>
    private static ResizePlan Cover(long width, long height, int wantedWidth, int wantedHeight)
    {
        bool isTall = wantedWidth * height >= wantedHeight * width;
        long scaledWidth = isTall ? wantedWidth : width * wantedHeight / height;
        long scaledHeight = isTall ? height * wantedWidth / width : wantedHeight;
        long left = (long)Math.Round((scaledWidth - wantedWidth) / 2.0, MidpointRounding.ToEven);
        long top = (long)Math.Round((scaledHeight - wantedHeight) / 2.0, MidpointRounding.ToEven);
        return new ResizePlan(scaledWidth, scaledHeight, left, top, wantedWidth, wantedHeight, 0, 0);
    }

    private static ResizePlan Fit(long width, long height, int wantedWidth, int wantedHeight)
    {
        bool isTall = wantedWidth * height >= wantedHeight * width;
        int scaledWidth = isTall ? Rounded(width * wantedHeight, height) : wantedWidth;
        int scaledHeight = isTall ? wantedHeight : Rounded(height * wantedWidth, width);
        int left = (wantedWidth - scaledWidth) / 2;
        int top = (wantedHeight - scaledHeight) / 2;
        return new ResizePlan(scaledWidth, scaledHeight, 0, 0, scaledWidth, scaledHeight, left, top);
    }

    private static int Rounded(long numerator, long denominator) =>
        (int)Math.Max(1, ((2 * numerator) + denominator) / (2 * denominator));
}
