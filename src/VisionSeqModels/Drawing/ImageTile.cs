using SkiaSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Drawing;

/// <summary>One small picture of an <see cref="ImageGrid"/>, pixel by pixel, with a caption. It holds plain numbers: there is
/// nothing to dispose.</summary>
public sealed class ImageTile
{
    private readonly SKColor[] _pixels;

    private ImageTile(int width, int height, SKColor[] pixels, string caption) =>
        (Width, Height, _pixels, Caption) = (width, height, pixels, caption);

    /// <summary>Width in its own pixels.</summary>
    public int Width { get; }

    /// <summary>Height in its own pixels.</summary>
    public int Height { get; }

    /// <summary>The caption above the tile; lines are separated by <c>\n</c>.</summary>
    public string Caption { get; }

    internal SKColor this[int x, int y] => _pixels[(y * Width) + x];

    /// <summary>Shows an image of bytes.</summary>
    /// <param name="pixels">The image <c>[channels, height, width]</c> with 1 or 3 channels, uint8, on any device; not
    /// changed.</param>
    /// <param name="caption">The caption.</param>
    /// <exception cref="ArgumentException">Another shape or dtype.</exception>
    public static ImageTile OfPixels(Tensor pixels, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.dim() != 3 || pixels.size(0) is not (1 or 3) || pixels.dtype != ScalarType.Byte || pixels.numel() == 0)
        {
            throw new ArgumentException(
                $"A tile needs an image [1 or 3, height, width] of bytes, but got {Shape.Of(pixels)}, {pixels.dtype}. "
                    + "ImageDataset.Denormalize turns normalised images into bytes.",
                nameof(pixels)
            );
        }

        using var scope = NewDisposeScope();
        byte[] bytes = pixels.detach().cpu().contiguous().data<byte>().ToArray();
        (int height, int width) = ((int)pixels.size(1), (int)pixels.size(2));
        int plane = height * width;
        bool grey = pixels.size(0) == 1;
        return new ImageTile(
            width,
            height,
            [
                .. Enumerable
                    .Range(0, plane)
                    .Select(i =>
                        grey
                            ? new SKColor(bytes[i], bytes[i], bytes[i])
                            : new SKColor(bytes[i], bytes[plane + i], bytes[(2 * plane) + i])
                    ),
            ],
            caption
        );
    }

    /// <summary>Shows one image of a data set.</summary>
    /// <param name="data">The images.</param>
    /// <param name="index">Which image, from 0.</param>
    /// <param name="caption">The caption; null for the name of its class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public static ImageTile Of(IImageSource data, long index, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, data.Count);
        using var scope = NewDisposeScope();
        return OfPixels(data.GetPixels(index), caption ?? data.ClassNames[data.GetLabel(index)]);
    }

    /// <summary>Shows numbers as colours.</summary>
    /// <param name="values">The numbers, <c>[height, width]</c>.</param>
    /// <param name="scale">Which of them become the ends of the map.</param>
    /// <param name="map">The colours.</param>
    /// <param name="caption">The caption.</param>
    public static ImageTile OfMap(double[,] values, ValueScale scale, ColorMap map, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(scale);
        return new ImageTile(
            values.GetLength(1),
            values.GetLength(0),
            [.. values.Cast<double>().Select(value => ColorMaps.At(map, scale.Position(value)))],
            caption
        );
    }

    /// <summary>Shows numbers in colour, three to a pixel: each channel on its own from the scale's beginning (0) to its
    /// end (255).</summary>
    /// <param name="values">The numbers, <c>[3, height, width]</c>.</param>
    /// <param name="scale">Which of them become 0 and 255.</param>
    /// <param name="caption">The caption.</param>
    public static ImageTile OfColors(double[,,] values, ValueScale scale, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(scale);
        if (values.GetLength(0) != 3)
        {
            throw new ArgumentException($"Colours need three channels, but there are {values.GetLength(0)}.", nameof(values));
        }

        (int height, int width) = (values.GetLength(1), values.GetLength(2));
        byte Level(int channel, int i) =>
            scale.Position(values[channel, i / width, i % width]) is var position && double.IsNaN(position)
                ? (byte)128
                : (byte)Math.Round(255 * position);
        return new ImageTile(
            width,
            height,
            [.. Enumerable.Range(0, width * height).Select(i => new SKColor(Level(0, i), Level(1, i), Level(2, i)))],
            caption
        );
    }

    /// <summary>Lays a tile of the same size over this one. This one turns grey, so that all colours are the
    /// overlay's.</summary>
    /// <param name="over">The tile on top.</param>
    /// <param name="opacity">The fraction of the tile on top; default 0.5.</param>
    /// <param name="caption">The caption; null for that of the tile on top.</param>
    public ImageTile Overlay(ImageTile over, double opacity = 0.5, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(over);
        if (over.Width != Width || over.Height != Height)
        {
            throw new ArgumentException(
                $"The tile on top of one of {Width}×{Height} pixels must have the same size, but has "
                    + $"{over.Width}×{over.Height}.",
                nameof(over)
            );
        }

        return new ImageTile(
            Width,
            Height,
            [.. _pixels.Select((pixel, i) => ColorMaps.Mix(Grey(pixel), over._pixels[i], opacity))],
            caption ?? over.Caption
        );
    }

    /// <summary>The same picture with another caption.</summary>
    /// <param name="caption">The caption.</param>
    public ImageTile WithCaption(string caption) => new(Width, Height, _pixels, caption);

    private static SKColor Grey(SKColor color)
    {
        byte level = (byte)Math.Round((0.299 * color.Red) + (0.587 * color.Green) + (0.114 * color.Blue));
        return new SKColor(level, level, level);
    }
}
