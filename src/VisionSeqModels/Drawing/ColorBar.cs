using System.Globalization;

namespace VisionSeqModels.Drawing;

/// <summary>The numbers at a colour bar.</summary>
internal static class ColorBar
{
    /// <summary>A number short enough for a legend, with a true minus sign.</summary>
    public static string Text(double value) =>
        value.ToString("0.###", CultureInfo.InvariantCulture) is var plain
        && ((plain != "0" && plain != "-0") || value == 0)
        && plain.Length <= 9
            ? plain.Replace('-', '−')
            : value.ToString("0.#e0", CultureInfo.InvariantCulture).Replace('-', '−');
}
