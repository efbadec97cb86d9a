using System.Buffers.Binary;
using SkiaSharp;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Images;

/// <summary>Pictures that are turned, transparent, too large, damaged, or of a format that is not read.</summary>
public sealed class PictureEdgesTests
{
    private static readonly ImagePreparation Two = new()
    {
        Channels = 1,
        Height = 1,
        Width = 2,
        Resize = ImageResize.Stretch,
    };

    /// <summary>The picture is 2x1, dark beside light; the file says that it lies on its head.</summary>
    [Fact]
    public void ThePngsOwnOrientation_IsFollowed()
    {
        byte[] png = Encoded(SKEncodedImageFormat.Png, 2, 1);
        Assert.Equal([10, 250], Two.Decode(png));
        byte[] turned = [.. png[..33], .. Chunk("eXIf", Exif(3, 1)), .. png[33..]]; // behind the header
        Assert.Equal([250, 10], Two.Decode(turned));
    }

    [Fact]
    public void TheJpegsOrientation_IsFollowed()
    {
        byte[] jpeg = Encoded(SKEncodedImageFormat.Jpeg, 32, 16);
        byte[] levels = Two.Decode(jpeg);
        Assert.True(levels[0] < 60 && levels[1] > 200);
        byte[] exif = [.. "Exif\0\0"u8, .. Exif(3, 1)];
        byte[] turned = [.. jpeg[..2], 0xff, 0xe1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
        Assert.Equal(levels.Reverse(), Two.Decode(turned));
    }

    [Fact]
    public void TheLastChunk_Counts_AndEntriesBehindTheDirectoryDoNot()
    {
        byte[] signature = [0x89, .. "PNG\r\n\u001a\n"u8];
        Assert.Equal(SKEncodedOrigin.BottomRight, PngOrientation.Of([.. signature, .. Chunk("eXIf", Exif(3, 1))]));
        Assert.Equal(SKEncodedOrigin.TopLeft, PngOrientation.Of([.. signature, .. Chunk("eXIf", Exif(3, 0))]));
    }

    [Fact]
    public void ABitmapsTransparentPixels_ShowTheBackground()
    {
        var preparation = Two with { Channels = 3, Background = "#c8640a" };
        SKColor[] colors = [new(10, 20, 30, 0), new(10, 20, 30, 255)];
        using var bitmap = new SKBitmap(new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul)) { Pixels = colors };
        Assert.Equal([200, 10, 100, 20, 10, 30], ImageDecoder.Prepare(bitmap, preparation));
    }

    [Fact]
    public void ABitmapWithoutPixels_OrWithTooMany_IsRefused()
    {
        using var wide = new SKBitmap(new SKImageInfo(65_536, 1, SKColorType.Gray8, SKAlphaType.Opaque));
        Assert.StartsWith(
            "has 65536x1 pixels, but at most 67108864 are decoded",
            Assert.Throws<UnreadableImageException>(() => ImageDecoder.Prepare(wide, Two)).Reason,
            StringComparison.Ordinal
        );
        using var empty = new SKBitmap();
        Assert.Equal("has no pixels", Assert.Throws<UnreadableImageException>(() => ImageDecoder.Prepare(empty, Two)).Reason);
        using var gone = new SKBitmap(2, 1);
        gone.SetPixels(IntPtr.Zero);
        Assert.Equal("has no pixels", Assert.Throws<UnreadableImageException>(() => ImageDecoder.Prepare(gone, Two)).Reason);
    }

    [Fact]
    public void AnotherFormat_IsNamed()
    {
        byte[] wbmp = [0, 0, 8, 1, 0xaa];
        Assert.Equal(
            "looks like Wbmp, but JPEG, PNG, WebP, BMP and GIF are read",
            Assert.Throws<UnreadableImageException>(() => Two.Decode(wbmp)).Reason
        );
    }

    [Fact]
    public void ADamagedFile_IsToldFromOneThatEndsTooEarly()
    {
        byte[] png = Encoded(SKEncodedImageFormat.Png, 32, 16);
        png[png.AsSpan().IndexOf("IDAT"u8) + 4] = 0xff; // no compression of that kind
        Assert.StartsWith(
            "is damaged (",
            Assert.Throws<UnreadableImageException>(() => Two.Decode(png)).Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TheMessage_NamesTheFile_WhereThereIsOne()
    {
        Assert.Equal("'a.png' cannot be read: it is empty.", new UnreadableImageException("is empty", "a.png").Message);
        Assert.Equal("The image cannot be read: it is empty.", new UnreadableImageException("is empty").Message);
    }

    [Fact]
    public void LargeRoom_IsGivenBack_AndSmallRoomKept()
    {
        const int large = (4 << 20) + 1;
        var buffers = new PixelBuffers();
        Use(large);
        Assert.InRange(Allocated(() => Use(large)), 0, large - 1);
        buffers.Trim();
        Assert.InRange(Allocated(() => buffers.Decoded(large)), large, 2 * large);
        Assert.InRange(Allocated(() => buffers.Turned(large)), large, 2 * large);
        Assert.InRange(Allocated(() => buffers.Narrow(large)), large, 2 * large);
        Assert.InRange(Allocated(() => buffers.Resized(large)), large, 2 * large);

        void Use(int count)
        {
            buffers.Decoded(count);
            buffers.Turned(count);
            buffers.Narrow(count);
            buffers.Resized(count);
        }

        static long Allocated(Action work)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void DecodedPixels_DoNotMove()
    {
        byte[][] before = [.. Enumerable.Range(0, 100).Select(_ => new byte[1000])];
        var buffers = new PixelBuffers();
        buffers.Decoded(1000);
        var address = buffers.DecodedAddress;
        Assert.Equal(100, before.Length);
        before = [];
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.Equal(address, buffers.DecodedAddress);
        Assert.Empty(before);
    }

    /// <summary>Dark on the left, light on the right.</summary>
    private static byte[] Encoded(SKEncodedImageFormat format, int width, int height)
    {
        SKColor[] colors =
        [
            .. Enumerable
                .Range(0, width * height)
                .Select(i => i % width < width / 2 ? new SKColor(10, 10, 10) : new SKColor(250, 250, 250)),
        ];
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque))
        {
            Pixels = colors,
        };
        using var data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    /// <summary>A TIFF structure with an entry for the orientation, in a directory that counts so many entries.</summary>
    private static byte[] Exif(byte orientation, byte count) =>
        [.. "II*\0"u8, 8, 0, 0, 0, count, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] body = [.. type.Select(letter => (byte)letter), .. content];
        byte[] length = new byte[4];
        byte[] sum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(body));
        return [.. length, .. body, .. sum];
    }

    private static uint Crc(byte[] bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte one in bytes)
        {
            sum ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) == 0 ? 0 : 0xedb88320);
            }
        }

        return ~sum;
    }
}
