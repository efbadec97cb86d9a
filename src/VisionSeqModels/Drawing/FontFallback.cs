using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using SkiaSharp;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>Finds an installed font for a character that the usual font lacks, such as Chinese, Japanese and Korean ones and
/// emoji.</summary>
internal static class FontFallback
{
    private const int MostListed = 20;
    private static readonly ConcurrentDictionary<int, SKTypeface?> Found = new();
    private static readonly ConcurrentDictionary<Rune, bool> Missing = new(); // and whether the log has it
    private static readonly Lazy<SKTypeface[]> Installed = new(() =>
        [.. SKFontManager.Default.FontFamilies.Order(StringComparer.Ordinal).Select(SKTypeface.FromFamilyName)]
    );

    /// <summary>A font that has the character, or null.</summary>
    public static SKTypeface? For(Rune character) => Found.GetOrAdd(character.Value, Find);

    /// <summary>Notes a character that no font has.</summary>
    public static void Lacks(Rune character) => Missing.TryAdd(character, false);

    /// <summary>Writes one line for all characters that were missed since the last.</summary>
    public static void Report(ILogger logger)
    {
        var missing = Missing.Where(entry => !entry.Value).Select(entry => entry.Key).Order().ToList();
        var news = missing.Where(character => Missing.TryUpdate(character, true, false)).ToList();
        if (news.Count > 0)
        {
            string shown = string.Join(", ", news.Take(MostListed).Select(character => $"{character} (U+{character.Value:X4})"));
            LogMessages.MissingGlyphs(logger, news.Count > MostListed ? $"{shown} and {news.Count - MostListed} more" : shown);
        }
    }

    /// <summary>Forgets what was missed, for tests.</summary>
    internal static void Forget() => Missing.Clear();

    private static SKTypeface? Find(int character)
    {
        // A font manager that reads folders, as that of SkiaSharp.NativeAssets.Linux.NoDependencies, matches nothing.
        var matched = SKFontManager.Default.MatchCharacter(character);
        return matched?.ContainsGlyph(character) == true
            ? matched
            : Installed.Value.FirstOrDefault(font => font?.ContainsGlyph(character) == true);
    }
}
