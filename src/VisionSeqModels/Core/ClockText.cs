using System.Globalization;

namespace VisionSeqModels.Core;

/// <summary>A length of time as a clock shows it.</summary>
internal static class ClockText
{
    /// <summary>“04:05” below an hour, “1:04:05” from there on, however many hours.</summary>
    public static string Of(TimeSpan time)
    {
        long seconds = Math.Max(0, (long)Math.Round(time.TotalSeconds));
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:00}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");
    }
}
