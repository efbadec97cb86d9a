using VisionSeqModels.Kernels;

namespace VisionSeqModels.Data;

/// <summary>What comes after decoding: background, grey, size, and a plane for each channel.</summary>
internal static class PicturePreparation
{
    /// <summary>Prepares a picture; its pixels change.</summary>
    /// <param name="picture">The picture, upright.</param>
    /// <param name="preparation">The image that is wanted.</param>
    /// <param name="buffers">Room.</param>
    /// <param name="image">The image <c>[channels, height, width]</c>.</param>
    public static void Prepare(DecodedPicture picture, ImagePreparation preparation, PixelBuffers buffers, Span<byte> image)
    {
        var background = preparation.BackgroundColor;
        if (!picture.IsOpaque)
        {
            PictureColors.Flatten(picture.Pixels, background);
        }

        int depth = preparation.Channels == 1 ? 1 : DecodedPicture.Depth;
        var pixels = depth == 1 ? PictureColors.ToGrey(picture.Pixels) : picture.Pixels;
        var plan = ResizePlan.Of(picture.Width, picture.Height, preparation);
        var across = new ResampleWeights(picture.Width, plan.ScaledWidth, plan.CropLeft, plan.Width);
        var down = new ResampleWeights(picture.Height, plan.ScaledHeight, plan.CropTop, plan.Height);
        var narrow = buffers.Narrow((down.End - down.First) * plan.Width * depth);
        var resized = buffers.Resized(plan.Width * plan.Height * depth);
        ImageResampler.Resize(pixels, picture.Width * depth, depth, across, down, narrow, resized);
        if (plan.Width * plan.Height < preparation.Width * preparation.Height)
        {
            Fill(preparation, background, image);
        }

        Place(resized, depth, plan, preparation, image);
    }

    private static void Fill(ImagePreparation preparation, (byte Red, byte Green, byte Blue) background, Span<byte> image)
    {
        if (preparation.Channels == 1)
        {
            image.Fill(PictureColors.Grey(background.Red, background.Green, background.Blue));
            return;
        }

        int plane = preparation.Height * preparation.Width;
        image.Slice(0, plane).Fill(background.Red);
        image.Slice(plane, plane).Fill(background.Green);
        image.Slice(2 * plane, plane).Fill(background.Blue);
    }

    private static void Place(
        ReadOnlySpan<byte> resized,
        int depth,
        ResizePlan plan,
        ImagePreparation preparation,
        Span<byte> image
    )
    {
        for (int channel = 0; channel < preparation.Channels; channel++)
        {
            for (int y = 0; y < plan.Height; y++)
            {
                int row = ((channel * preparation.Height) + plan.Top + y) * preparation.Width;
                var target = image.Slice(row + plan.Left, plan.Width);
                int from = (y * plan.Width * depth) + channel;
                for (int x = 0; x < target.Length; x++)
                {
                    target[x] = resized[from + (x * depth)];
                }
            }
        }
    }
}
