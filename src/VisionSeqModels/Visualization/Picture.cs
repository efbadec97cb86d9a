using SkiaSharp;

namespace VisionSeqModels.Visualization;

/// <summary>A finished picture. It holds plain bytes: there is nothing to dispose.</summary>
public sealed class Picture
{
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

    /// <summary>Draws on a white ground.</summary>
    internal static Picture Draw(int width, int height, Action<SKCanvas> draw)
    {
        SkiaRuntime.EnsureAvailable();
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        draw(canvas);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return new Picture(width, height, data.ToArray());
    }
}
