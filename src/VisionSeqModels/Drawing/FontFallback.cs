using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>Finds an installed font for a character that the usual font lacks, such as Chinese, Japanese and Korean ones and
/// emoji.</summary>
internal static class FontFallback
{
    private const int MostListed = 20;
    private static readonly ConcurrentDictionary<int, SKTypeface?> Found = new();
    private static readonly ConditionalWeakTable<ILogger, ConcurrentDictionary<Rune, bool>> Reported = [];
    private static readonly Lazy<SKTypeface[]> Installed = new(() =>
        [.. SKFontManager.Default.FontFamilies.Order(StringComparer.Ordinal).Select(SKTypeface.FromFamilyName)]
    );

    [ThreadStatic]
    private static HashSet<Rune>? _missing;

    /// <summary>A font that has the character, or null.</summary>
    public static SKTypeface? For(Rune character) => Found.GetOrAdd(character.Value, Find);

    /// <summary>Notes a character that no font has, for the picture that this thread draws.</summary>
    public static void Lacks(Rune character) => (_missing ??= []).Add(character);

    /// <summary>Writes one line for all characters that this thread's picture lacks and that the logger does not know
    /// yet.</summary>
    public static void Report(ILogger logger)
    {
        if (_missing is not { Count: > 0 } missing)
        {
            return;
        }

        _missing = null;
        if (ReferenceEquals(logger, NullLogger.Instance))
        {
            return;
        }

        var known = Reported.GetValue(logger, _ => new ConcurrentDictionary<Rune, bool>());
        var news = missing.Order().Where(character => known.TryAdd(character, true)).ToList();
        if (news.Count > 0)
        {
            string shown = string.Join(", ", news.Take(MostListed).Select(character => $"{character} (U+{character.Value:X4})"));
            LogMessages.MissingGlyphs(logger, news.Count > MostListed ? $"{shown} and {news.Count - MostListed} more" : shown);
        }
    }

    private static SKTypeface? Find(int character)
    {
        // A font manager that reads folders, as that of SkiaSharp.NativeAssets.Linux.NoDependencies, matches nothing.
        var matched = SKFontManager.Default.MatchCharacter(character);
        return matched?.ContainsGlyph(character) == true
            ? matched
            : Installed.Value.FirstOrDefault(font => font?.ContainsGlyph(character) == true);
    }
}
