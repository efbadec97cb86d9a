using System.Buffers.Binary;
using SkiaSharp;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Images;

/// <summary>The small parts that pictures are prepared with.</summary>
public sealed class PicturePartsTests
{
    [Fact]
    public void TransparentPixels_LieOnTheBackground_RoundedToTheNearestLevel()
    {
        int[] levels = [0, 1, 77, 128, 200, 254, 255];
        foreach (int alpha in levels)
        {
            foreach (int color in levels)
            {
                byte[] pixels = [(byte)color, (byte)(255 - color), 9, (byte)alpha];
                PictureColors.Flatten(pixels, (40, 250, 0));
                Assert.Equal([Over(color, 40), Over(255 - color, 250), Over(9, 0)], pixels[..3]);

                byte Over(int own, int background) => (byte)Math.Round(((own * alpha) + (background * (255 - alpha))) / 255.0);
            }
        }
    }

    [Fact]
    public void EachPixel_IsFlattenedByItsOwnAlpha()
    {
        byte[] pixels = [10, 20, 30, 255, 10, 20, 30, 0, 10, 20, 30, 128];
        PictureColors.Flatten(pixels, (100, 200, 250));
        Assert.Equal([10, 20, 30], pixels[..3]);
        Assert.Equal([100, 200, 250], pixels[4..7]);
        Assert.Equal([55, 110, 140], pixels[8..11]);
    }

    [Fact]
    public void Grey_WeighsTheChannels_AndStandsInFront()
    {
        Assert.Equal(
            [0, 255, 76, 150, 29],
            new[] { Grey(0, 0, 0), Grey(255, 255, 255), Grey(255, 0, 0), Grey(0, 255, 0), Grey(0, 0, 255) }
        );
        byte[] pixels = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255];
        Assert.Equal([76, 150, 29], PictureColors.ToGrey(pixels).ToArray());

        static int Grey(int red, int green, int blue) => PictureColors.Grey(red, green, blue);
    }

    [Theory]
    [InlineData(SKEncodedOrigin.TopLeft, 3, "abcdef")]
    [InlineData(SKEncodedOrigin.TopRight, 3, "cbafed")]
    [InlineData(SKEncodedOrigin.BottomRight, 3, "fedcba")]
    [InlineData(SKEncodedOrigin.BottomLeft, 3, "defabc")]
    [InlineData(SKEncodedOrigin.LeftTop, 2, "adbecf")]
    [InlineData(SKEncodedOrigin.RightTop, 2, "daebfc")]
    [InlineData(SKEncodedOrigin.RightBottom, 2, "fcebda")]
    [InlineData(SKEncodedOrigin.LeftBottom, 2, "cfbead")]
    [InlineData((SKEncodedOrigin)0, 3, "abcdef")]
    [InlineData((SKEncodedOrigin)9, 3, "abcdef")]
    public void Picture_IsTurnedUpright(SKEncodedOrigin origin, int width, string expected)
    {
        byte[] pixels = [.. "abcdef".SelectMany(letter => new[] { (byte)letter, (byte)1, (byte)2, (byte)255 })];
        var turned = PictureTurn.Upright(new DecodedPicture(pixels, 3, 2, isOpaque: true), origin, new PixelBuffers());
        Assert.Equal((width, 6 / width, true), (turned.Width, turned.Height, turned.IsOpaque));
        byte[] upright = turned.Pixels.ToArray();
        Assert.Equal(expected, string.Concat(upright.Where((_, i) => i % 4 == 0).Select(letter => (char)letter)));
        Assert.Equal(6, upright.Where((one, i) => i % 4 == 3 && one == 255).Count());
    }

    [Theory]
    [InlineData(ImageResize.Stretch, 10, 30, 6, 4, "6x4 0+0 6x4 at 0+0")]
    [InlineData(ImageResize.ShorterSide, 10, 30, 6, 4, "6x18 0+7 6x4 at 0+0")]
    [InlineData(ImageResize.ShorterSide, 30, 10, 6, 4, "12x4 3+0 6x4 at 0+0")]
    [InlineData(ImageResize.ShorterSide, 31, 10, 6, 3, "9x3 2+0 6x3 at 0+0")]
    [InlineData(ImageResize.ShorterSide, 10, 37, 10, 4, "10x37 0+16 10x4 at 0+0")]
    [InlineData(ImageResize.ShorterSide, 12, 8, 6, 4, "6x4 0+0 6x4 at 0+0")]
    [InlineData(ImageResize.Letterbox, 10, 30, 6, 4, "1x4 0+0 1x4 at 2+0")]
    [InlineData(ImageResize.Letterbox, 30, 10, 6, 4, "6x2 0+0 6x2 at 0+1")]
    [InlineData(ImageResize.Letterbox, 30, 15, 7, 7, "7x4 0+0 7x4 at 0+1")]
    [InlineData(ImageResize.Letterbox, 1000, 1, 8, 8, "8x1 0+0 8x1 at 0+3")]
    [InlineData(ImageResize.Letterbox, 12, 8, 6, 4, "6x4 0+0 6x4 at 0+0")]
    public void Plan_KeepsTheProportions(ImageResize resize, int width, int height, int toWidth, int toHeight, string expected)
    {
        var plan = ResizePlan.Of(
            width,
            height,
            new ImagePreparation
            {
                Resize = resize,
                Width = toWidth,
                Height = toHeight,
            }
        );
        Assert.Equal(
            expected,
            $"{plan.ScaledWidth}x{plan.ScaledHeight} {plan.CropLeft}+{plan.CropTop} {plan.Width}x{plan.Height} at "
                + $"{plan.Left}+{plan.Top}"
        );
    }

    [Theory]
    [InlineData(true, 6)]
    [InlineData(false, 3)]
    public void Orientation_OfAPng_StandsInItsExif(bool isLittle, int orientation)
    {
        byte[] exif = Exif(isLittle, (0x0100, 3, 5), (0x0112, 3, orientation));
        byte[] file = Png(("IHDR", new byte[13]), ("eXIf", exif), ("IEND", []));
        Assert.Equal((SKEncodedOrigin)orientation, PngOrientation.Of(file));
        // the last byte that is needed: without it the directory ends before the entry
        for (int missing = 1; missing < exif.Length; missing++)
        {
            byte[] cut = Png(("eXIf", exif[..^missing]), ("IEND", []));
            Assert.Equal(missing <= 4 ? (SKEncodedOrigin)orientation : SKEncodedOrigin.TopLeft, PngOrientation.Of(cut));
        }
    }

    [Fact]
    public void PngWithoutAnOrientation_IsUpright()
    {
        Assert.All(
            new byte[][]
            {
                [],
                new byte[7],
                Png(),
                Png(("IEND", [])),
                Png(("eXIf", [])),
                Png(("eXIf", Exif(true, (0x0112, 4, 6)))), // a number of another kind
                Png(("eXIf", Exif(true, (0x0113, 3, 6)))),
                Png(("eXIf", Exif(true))),
                Png(("eXIf", [.. "II+\0"u8, .. Exif(true, (0x0112, 3, 6))[4..]])),
                Png(("exIf", Exif(true, (0x0112, 3, 6)))),
                Png(("eXIf", Exif(true, (0x0112, 3, 6))))[..^1], // the chunk is cut off
            },
            file => Assert.Equal(SKEncodedOrigin.TopLeft, PngOrientation.Of(file))
        );
    }

    [Fact]
    public void Room_IsKept_UnlessItIsLarge()
    {
        var buffers = new PixelBuffers();
        buffers.Decoded(100)[7] = 42;
        Assert.Equal(60, buffers.Decoded(60).Length);
        Assert.Equal(42, buffers.Decoded(100)[7]);
        buffers.Trim();
        Assert.Equal(42, buffers.Decoded(100)[7]);
        Assert.Equal(4 << 20, buffers.Resized(4 << 20).Length);
        buffers.Resized(4 << 20)[3] = 7;
        buffers.Trim();
        Assert.Equal(7, buffers.Resized(4 << 20)[3]);
    }

    [Fact]
    public void PreparationAtItsBounds_IsSound_AndNotBeyond()
    {
        foreach (int side in new[] { 1, 16_384 })
        {
            Assert.Empty(
                new ImagePreparation
                {
                    Channels = 1,
                    Height = side,
                    Width = side,
                    Background = "#aAfF09",
                }.Faults()
            );
        }

        foreach (int side in new[] { 0, 16_385 })
        {
            Assert.Equal(
                2,
                new ImagePreparation { Height = side, Width = side }
                    .Faults()
                    .Count
            );
        }

        string?[] colors = ["ffffff", "#fffff", "#fffffff", "#ggffff", "#fffff ", "", null];
        Assert.All(
            colors,
            color =>
                Assert.Equal(
                    [$"Background must be a colour such as #ffffff, but is {color ?? "null"}."],
                    new ImagePreparation { Background = color! }.Faults()
                )
        );
        Assert.Equal(((byte)0x12, (byte)0xab, (byte)0xf0), new ImagePreparation { Background = "#12abF0" }.BackgroundColor);
        Assert.Equal(3 * 4 * 5, new ImagePreparation { Height = 4, Width = 5 }.ByteCount);
    }

    private static byte[] Png(params (string Type, byte[] Content)[] chunks)
    {
        List<byte> file = [0x89, .. "PNG\r\n\u001a\n"u8];
        foreach (var (type, content) in chunks)
        {
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
            file.AddRange([.. length, .. type.Select(letter => (byte)letter), .. content, 0, 0, 0, 0]);
        }

        return [.. file];
    }

    private static byte[] Exif(bool isLittle, params (int Tag, int Kind, int Value)[] entries)
    {
        List<byte> exif = [.. isLittle ? "II*\0"u8 : "MM\0*"u8];
        Add(8, 4);
        Add(entries.Length, 2);
        foreach (var (tag, kind, value) in entries)
        {
            Add(tag, 2);
            Add(kind, 2);
            Add(1, 4);
            Add(value, 2);
            Add(0, 2);
        }

        Add(0, 4);
        return [.. exif];

        void Add(int number, int bytes)
        {
            for (int i = 0; i < bytes; i++)
            {
                exif.Add((byte)(number >> (8 * (isLittle ? i : bytes - 1 - i))));
            }
        }
    }
}
