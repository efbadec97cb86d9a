namespace VisionSeqModels.Core;

/// <summary>Names that users give, as parts of file names.</summary>
internal static class FileNames
{
    private const int Longest = 60;
    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(i => new[] { $"COM{i}", $"LPT{i}" })],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>A name that every system allows and that leads nowhere else: ASCII letters, digits, dots, hyphens and
    /// underscores, at most 60. Every other character becomes an underscore; so does a dot at either end. What Windows keeps
    /// for its devices (CON, NUL.txt) gets an underscore before it.</summary>
    public static string Safe(string name)
    {
        string plain = string.Concat(
            name.Take(Longest).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_')
        );
        plain = plain.StartsWith('.') ? $"_{plain[1..]}" : plain;
        plain = plain.EndsWith('.') ? $"{plain[..^1]}_" : plain;
        return Devices.Contains(plain.Split('.')[0]) ? $"_{plain}" : plain;
    }
}
