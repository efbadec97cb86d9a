using System.Buffers.Binary;
using SkiaSharp;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>A finished picture. It holds plain bytes: there is nothing to dispose.</summary>
public sealed class Picture
{
    private const long LargePixels = 4_000_000;
    private readonly byte[] _png;

    internal Picture(int width, int height, byte[] png)
    {
        Width = width;
        Height = height;
        _png = png;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Reads a PNG file, for example of a run folder, as it is.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no PNG file.</exception>
    public static Picture LoadPng(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return OfPng(File.ReadAllBytes(path))
            ?? throw new InvalidDataException($"'{path}' is no PNG file: it does not begin as one does.");
    }

    /// <summary>The picture as the bytes of a PNG file.</summary>
    public byte[] ToPng() => [.. _png];

    /// <summary>Writes a PNG file, whole or not at all; missing folders are created.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.WriteAllBytes(path, _png);
    }

    /// <summary>The picture in a PNG file's bytes; null where they are none.</summary>
    internal static Picture? OfPng(byte[] png)
    {
        ReadOnlySpan<byte> head = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
        return png.Length > 24 && png.AsSpan().StartsWith(head)
            ? new Picture(
                BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)),
                BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)),
                png
            )
            : null;
    }

    /// <summary>The picture drawn smaller, so that neither side is longer; itself where none is.</summary>
    internal Picture Within(int side)
    {
        double factor = (double)side / Math.Max(Width, Height);
        if (factor >= 1)
        {
            return this;
        }

        using var bitmap = SKBitmap.Decode(_png);
        var size = new SKImageInfo(Math.Max(1, (int)(Width * factor)), Math.Max(1, (int)(Height * factor)));
        using var small = bitmap.Resize(size, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return Draw(size.Width, size.Height, canvas => canvas.DrawBitmap(small, 0, 0));
    }

    /// <summary>Lays pictures in rows, each in its own size.</summary>
    internal static Picture Tiled(IReadOnlyList<Picture> pictures, int columns)
    {
        int cellWidth = pictures.Max(picture => picture.Width),
            cellHeight = pictures.Max(picture => picture.Height);
        int rows = (pictures.Count + columns - 1) / columns;
        return Draw(
            cellWidth * Math.Min(columns, pictures.Count),
            cellHeight * rows,
            canvas =>
            {
                for (int i = 0; i < pictures.Count; i++)
                {
                    using var bitmap = SKBitmap.Decode(pictures[i]._png);
                    canvas.DrawBitmap(bitmap, i % columns * cellWidth, i / columns * cellHeight);
                }
            }
        );
    }

    /// <summary>Draws on a white ground; what is larger than the limit is drawn smaller.</summary>
    internal static Picture Draw(int width, int height, Action<SKCanvas> draw, PictureLimit? limit = null)
    {
        SkiaRuntime.EnsureAvailable();
        double factor = (limit ?? PictureLimit.Default).Factor(width, height);
        (int pixelWidth, int pixelHeight) = (Math.Max(1, (int)(width * factor)), Math.Max(1, (int)(height * factor)));
        using var bitmap = new SKBitmap(new SKImageInfo(pixelWidth, pixelHeight, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        if (factor < 1)
        {
            canvas.Scale((float)factor);
        }

        draw(canvas);
        int level = (long)pixelWidth * pixelHeight > LargePixels ? 1 : 6; // a large picture is written fast, others small
        using var pixels = bitmap.PeekPixels()!;
        using var data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, zLibLevel: level))!;
        FontFallback.Report(DrawingLog.Current);
        return new Picture(pixelWidth, pixelHeight, data.ToArray());
    }
}
