using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>How wide a drawing of factors is on a page: never so narrow that its text cannot be read; it scrolls then.</summary>
internal static class SvgWidth
{
    public static string Of(int width) =>
        string.Create(CultureInfo.InvariantCulture, $"min-width:{0.85 * width:0}px;max-width:{1.3 * width:0}px");
}
