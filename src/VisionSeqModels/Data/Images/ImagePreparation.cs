using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>How a picture of any size and kind becomes the bytes <c>[channels, height, width]</c> of an image.</summary>
/// <remarks>The steps: the picture is turned as its EXIF orientation says, laid over the background where it is transparent,
/// made grey where one channel is asked for, then resized, antialiased. The result is the same on every system.</remarks>
public sealed record ImagePreparation
{
    private const int Largest = 16_384;

    /// <summary>3 for colour (default; red, green, blue), 1 for grey.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Height in pixels; default 64.</summary>
    public int Height { get; init; } = 64;

    /// <summary>Width in pixels; default 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>How the picture gets this size; default <see cref="ImageResize.ShorterSide"/>: scaled until it covers the
    /// image, then cut at the centre.</summary>
    public ImageResize Resize { get; init; }

    /// <summary>The colour behind transparent pixels and beside a letterboxed picture, <c>#rrggbb</c>; default white.</summary>
    public string Background { get; init; } = "#ffffff";

    /// <summary>The bytes of an image.</summary>
    internal int ByteCount => Channels * Height * Width;

    /// <summary>The background's red, green and blue.</summary>
    internal (byte Red, byte Green, byte Blue) BackgroundColor
    {
        get
        {
            int color = int.Parse(Background.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return ((byte)(color >> 16), (byte)(color >> 8), (byte)color);
        }
    }

    internal IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(ImagePreparation))
            .Require(Channels is 1 or 3, nameof(Channels), "1 or 3", Channels)
            .Require(Height is >= 1 and <= Largest, nameof(Height), "from 1 to 16384", Height)
            .Require(Width is >= 1 and <= Largest, nameof(Width), "from 1 to 16384", Width)
            .Require(Enum.IsDefined(Resize), nameof(Resize), "ShorterSide, Stretch or Letterbox", Resize)
            .Require(
                Background is ['#', _, _, _, _, _, _] && Background.Skip(1).All(char.IsAsciiHexDigit),
                nameof(Background),
                "a colour such as #ffffff",
                Background
            )
            .All;

    /// <exception cref="InvalidOptionsException">A value cannot be used; the message names every fault.</exception>
    internal void Validate() => new OptionFaults(nameof(ImagePreparation)).Include(Faults()).ThrowIfAny();
}
