using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>Checks, before the first picture, whether SkiaSharp's native library and any font are there.</summary>
public static class SkiaRuntime
{
    private static readonly Lazy<bool> Text = new(HasGlyphs);
    private static readonly Lazy<string> Family = new(FindFamily);
    private static volatile ILogger _logger = NullLogger.Instance;

    /// <summary>Whether text can be drawn. Without any font on the system pictures are drawn, but without text.</summary>
    /// <exception cref="DllNotFoundException">SkiaSharp's native library is missing.</exception>
    public static bool CanDrawText
    {
        get
        {
            EnsureAvailable();
            return Text.Value;
        }
    }

    /// <summary>The message for a system without a font.</summary>
    internal const string NoFonts =
        "No font was found on this system, so the pictures have no text. Install one, for example Debian's package "
        + "fonts-dejavu-core.";

    /// <summary>Throws where no picture can be drawn.</summary>
    /// <exception cref="DllNotFoundException">SkiaSharp's native library is missing; the message names the package to
    /// add.</exception>
    public static void EnsureAvailable() => SkiaLibrary.EnsureAvailable();

    /// <summary>The sans-serif family that this system has, so that all pictures look alike; the system's default where it
    /// has none of these.</summary>
    internal static string FontFamily => Family.Value;

    /// <summary>Where pictures that are drawn outside a fit report a character that no installed font has: one warning for each
    /// picture with new ones. Default: nowhere. Within a fit it is the trainer's logger, if it has one.</summary>
    public static ILogger Logger
    {
        get => _logger;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _logger = value;
        }
    }

    /// <summary>Text of that family; the caller disposes it.</summary>
    internal static SKFont CreateFont(float size, bool bold = false) =>
        new(SKTypeface.FromFamilyName(FontFamily, bold ? SKFontStyle.Bold : SKFontStyle.Normal), size);

    private static string FindFamily()
    {
        string[] wanted = ["Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans", "Noto Sans"];
        return wanted.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains) ?? SKTypeface.Default.FamilyName;
    }

    private static bool HasGlyphs()
    {
        using var font = CreateFont(12);
        return font.ContainsGlyphs("A0");
    }
}
