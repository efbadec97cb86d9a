using SkiaSharp;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Images;

/// <summary>Small pictures whose every level is known.</summary>
public sealed class PictureDecodingTests
{
    private static readonly SKColor[] Colors =
    [
        new(10, 20, 30),
        new(40, 50, 60),
        new(70, 80, 90),
        new(100, 110, 120),
        new(130, 140, 150),
        new(160, 170, 180),
    ];

    private static readonly ImagePreparation Same = new()
    {
        Height = 2,
        Width = 3,
        Resize = ImageResize.Stretch,
    };

    [Fact]
    public void PictureOfTheWantedSize_KeepsItsLevels_ChannelAfterChannel()
    {
        byte[] expected = [10, 40, 70, 100, 130, 160, 20, 50, 80, 110, 140, 170, 30, 60, 90, 120, 150, 180];
        Assert.Equal(expected, Same.Decode(Png(3, 2, Colors)));
        using var bitmap = Bitmap(3, 2, Colors);
        Assert.Equal(expected, ImageDecoder.Prepare(bitmap, Same));
    }

    [Fact]
    public void GreyPicture_HasOneChannel()
    {
        byte[] expected = [.. Colors.Select(color => PictureColors.Grey(color.Red, color.Green, color.Blue))];
        Assert.Equal(expected, (Same with { Channels = 1 }).Decode(Png(3, 2, Colors)));
    }

    [Fact]
    public void TransparentPixels_ShowTheBackground()
    {
        SKColor[] colors = [new(10, 20, 30, 0), new(10, 20, 30, 255)];
        var preparation = new ImagePreparation
        {
            Height = 1,
            Width = 2,
            Background = "#c8640a",
            Resize = ImageResize.Stretch,
        };
        Assert.Equal([200, 10, 100, 20, 10, 30], preparation.Decode(Png(2, 1, colors)));
    }

    [Theory]
    [InlineData(3, new byte[] { 200, 100, 10 })]
    [InlineData(1, new byte[] { 120 })]
    public void Letterbox_IsFilledWithTheBackground(int channels, byte[] background)
    {
        var preparation = new ImagePreparation
        {
            Channels = channels,
            Height = 4,
            Width = 2,
            Background = "#c8640a",
            Resize = ImageResize.Letterbox,
        };
        byte[] image = preparation.Decode(Png(2, 2, [.. Enumerable.Repeat(new SKColor(50, 50, 50), 4)]));
        byte[] expected =
        [
            .. background.SelectMany(level => new[] { level, level, (byte)50, (byte)50, (byte)50, (byte)50, level, level }),
        ];
        Assert.Equal(expected, image);
    }

    [Fact]
    public void PictureAtTheLimit_IsDecoded_AndNotBeyond()
    {
        byte[] file = Png(3, 2, Colors);
        Assert.Equal(18, Same.Decode(file, pixelLimit: 6).Length);
        Assert.Equal(
            "The image cannot be read: it has 3x2 pixels, but at most 5 are decoded, and 65535 a side.",
            Assert.Throws<UnreadableImageException>(() => Same.Decode(file, pixelLimit: 5)).Message
        );
        PictureReader.CheckSize(65_535, 1, long.MaxValue);
        PictureReader.CheckSize(1, 65_535, long.MaxValue);
        foreach (
            var (width, height, reason) in new[]
            {
                (65_536, 1, "65535 a side"),
                (1, 65_536, "65535 a side"),
                (0, 1, "no pixels"),
                (1, 0, "no pixels"),
            }
        )
        {
            Assert.EndsWith(
                reason + ".",
                Assert.Throws<UnreadableImageException>(() => PictureReader.CheckSize(width, height, long.MaxValue)).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void WhatIsNoPicture_IsSaidWhy()
    {
        Assert.Equal("is empty", Reason([]));
        Assert.Equal("is no JPEG, PNG, WebP, BMP or GIF file, or is damaged", Reason([1, 2, 3, 4, 5, 6, 7, 8, 9]));
        byte[] file = Png(
            64,
            64,
            [.. Enumerable.Range(0, 64 * 64).Select(i => new SKColor(((uint)i * 2654435761u) | 0xff000000u))]
        );
        Assert.Equal("ends too early", Reason(file[..(file.Length / 2)]));
        Assert.Throws<InvalidOptionsException>(() => (Same with { Width = 0 }).Decode(file));

        static string Reason(byte[] file) => Assert.Throws<UnreadableImageException>(() => Same.Decode(file)).Reason;
    }

    private static byte[] Png(int width, int height, SKColor[] colors)
    {
        using var bitmap = Bitmap(width, height, colors);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static SKBitmap Bitmap(int width, int height, SKColor[] colors) =>
        new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul)) { Pixels = colors };
}
