using System.Globalization;
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

    private ImageTile(int width, int height, SKColor[] pixels, string caption, NotFinite notFinite = default) =>
        (Width, Height, _pixels, Caption, NotFinite) = (width, height, pixels, caption, notFinite);

    /// <summary>Width in its own pixels.</summary>
    public int Width { get; }

    /// <summary>Height in its own pixels.</summary>
    public int Height { get; }

    /// <summary>The caption above the tile; lines are separated by <c>\n</c>.</summary>
    public string Caption { get; }

    /// <summary>How many of its values are NaN or infinite.</summary>
    internal NotFinite NotFinite { get; }

    internal ReadOnlySpan<SKColor> Pixels => _pixels;

    internal SKColor this[int x, int y] => _pixels[(y * Width) + x];

    /// <summary>Shows an image: whole numbers from 0 to 255, floating-point numbers from 0 to 1, or booleans.</summary>
    /// <param name="pixels">The image <c>[channels, height, width]</c> with 1 or 3 channels, on any device; not changed. NaN
    /// and infinite values have colours of their own.</param>
    /// <param name="caption">The caption.</param>
    /// <exception cref="ArgumentException">Another shape, or a value out of the range of its dtype.</exception>
    public static ImageTile OfPixels(Tensor pixels, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(caption);
        if (pixels.dim() != 3 || pixels.size(0) is not (1 or 3) || pixels.numel() == 0 || pixels.is_complex())
        {
            throw new ArgumentException(
                $"A tile needs an image [1 or 3, height, width] of real numbers, but got {Shape.Of(pixels)}, {pixels.dtype}.",
                nameof(pixels)
            );
        }

        (int height, int width) = ((int)pixels.size(1), (int)pixels.size(2));
        int channels = (int)pixels.size(0);
        if (pixels.dtype == ScalarType.Byte)
        {
            using var scope = NewDisposeScope();
            return new ImageTile(
                width,
                height,
                PixelColors.OfBytes(pixels.detach().cpu().contiguous().data<byte>().ToArray(), channels),
                caption
            );
        }

        double[] values = TensorNumbers.Doubles(pixels);
        double most = pixels.is_floating_point() || pixels.dtype == ScalarType.Bool ? 1 : 255;
        if (values.Any(value => double.IsFinite(value) && (value < 0 || value > most)))
        {
            var finite = values.Where(double.IsFinite);
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A tile of {pixels.dtype} needs values from 0 to {most}, but they are from {finite.Min():g6} to "
                        + $"{finite.Max():g6}. ImageDataset.Denormalize turns normalised images into bytes."
                ),
                nameof(pixels)
            );
        }

        return new ImageTile(
            width,
            height,
            PixelColors.OfNumbers(values, channels, ValueScale.Fixed(0, most)),
            caption,
            NotFinite.Of(values)
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
        if (index < 0 || index >= data.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index),
                $"There is no image {index} in '{data.Name}': its images are 0 to {data.Count - 1}."
            );
        }

        using var scope = NewDisposeScope();
        return OfPixels(data.GetPixels(index), caption ?? data.ClassNames[data.GetLabel(index)]);
    }

    /// <summary>Shows numbers as colours; NaN and infinite values have colours of their own.</summary>
    /// <param name="values">The numbers, <c>[height, width]</c>.</param>
    /// <param name="scale">Which of them become the ends of the map.</param>
    /// <param name="map">The colours.</param>
    /// <param name="caption">The caption.</param>
    /// <exception cref="ArgumentException">There is no number.</exception>
    public static ImageTile OfMap(double[,] values, ValueScale scale, ColorMap map, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(caption);
        (int height, int width) = (values.GetLength(0), values.GetLength(1));
        RequireNumbers(height, width);
        return new ImageTile(width, height, PixelColors.OfMap(values, scale, map), caption, NotFinite.Of(values.Cast<double>()));
    }

    /// <summary>Shows numbers in colour, three to a pixel: each channel on its own from the scale's beginning (0) to its
    /// end (255). A pixel with a NaN or an infinite value has a colour of its own.</summary>
    /// <param name="values">The numbers, <c>[3, height, width]</c>.</param>
    /// <param name="scale">Which of them become 0 and 255.</param>
    /// <param name="caption">The caption.</param>
    /// <exception cref="ArgumentException">There are not three channels, or no number.</exception>
    public static ImageTile OfColors(double[,,] values, ValueScale scale, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(caption);
        if (values.GetLength(0) != 3)
        {
            throw new ArgumentException(
                $"Colours need three channels, but there are {values.GetLength(0)}. Draw one channel with ImageTile.OfMap.",
                nameof(values)
            );
        }

        (int height, int width) = (values.GetLength(1), values.GetLength(2));
        RequireNumbers(height, width);
        double[] all = [.. values.Cast<double>()];
        return new ImageTile(width, height, PixelColors.OfNumbers(all, 3, scale), caption, NotFinite.Of(all));
    }

    /// <summary>Lays a tile of the same size over this one. This one turns grey, so that all colours are the
    /// overlay's.</summary>
    /// <param name="over">The tile on top.</param>
    /// <param name="opacity">The fraction of the tile on top; default 0.5, from 0 to 1.</param>
    /// <param name="caption">The caption; null for that of the tile on top.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not from 0 to 1.</exception>
    public ImageTile Overlay(ImageTile over, double opacity = 0.5, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(over);
        if (double.IsNaN(opacity) || opacity < 0 || opacity > 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(opacity),
                string.Create(CultureInfo.InvariantCulture, $"The opacity must be from 0 to 1, but is {opacity}.")
            );
        }

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
            caption ?? over.Caption,
            NotFinite + over.NotFinite
        );
    }

    /// <summary>The same picture with another caption.</summary>
    /// <param name="caption">The caption.</param>
    public ImageTile WithCaption(string caption) => new(Width, Height, _pixels, caption, NotFinite);

    private static void RequireNumbers(int height, int width)
    {
        if (height == 0 || width == 0)
        {
            throw new ArgumentException($"A tile needs at least one number, but is {height} by {width}.");
        }
    }

    private static SKColor Grey(SKColor color)
    {
        byte level = (byte)Math.Round((0.299 * color.Red) + (0.587 * color.Green) + (0.114 * color.Blue));
        return new SKColor(level, level, level);
    }
}
