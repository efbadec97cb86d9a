using System.Globalization;
using System.Text;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>A search as lines across axes, within a page: the better a setting, the fuller its line.</summary>
internal static class SvgParallelCoordinates
{
    private const int Height = 260;
    private const int Top = 34;
    private const int Bottom = 24;
    private const int Side = 60;
    private const int Between = 170;

    public static string Draw(ParallelCoordinates search)
    {
        int width = (2 * Side) + (Between * (search.Axes.Count - 1));
        double X(int axis) => Side + (Between * axis);
        double Y(double place) => Top + ((1 - place) * (Height - Top - Bottom));
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"chart parallel c0\" viewBox=\"0 0 {width} {Height}\" style=\"max-width:{1.3 * width:0}px\" "
                + $"role=\"img\" aria-label=\"each setting a line across its factors' values and its result\">"
        );
        foreach (var (setting, places, rank) in search.Lines.Reverse()) // the best on top
        {
            double fullness = Math.Max(0.12, 1 - (1.2 * rank / search.Lines.Count));
            string points = string.Join(' ', places.Select((place, i) => Invariant($"{X(i):0.#},{Y(place):0.#}")));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<polyline points=\"{points}\" opacity=\"{fullness:0.##}\"><title>{ReportPage.Text(setting)}</title></polyline>"
            );
        }

        foreach (var (i, axis) in search.Axes.Index())
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<path class=\"grid\" d=\"M{X(i)} {Top}V{Height - Bottom}\"/><text x=\"{X(i)}\" y=\"14\" "
                    + $"text-anchor=\"middle\">{ReportPage.Text(axis.Name)}</text>"
            );
            foreach (var (place, label) in axis.Ticks)
            {
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<text x=\"{X(i) - 5}\" y=\"{Y(place):0.#}\" dy=\".35em\" "
                        + $"text-anchor=\"end\">{ReportPage.Text(label)}</text>"
                );
            }
        }

        return "<figure style=\"margin:0 0 1rem\"><figcaption>Each setting a line: its values, and its "
            + "result. The better, the fuller</figcaption>"
            + $"{svg.Append("</svg>")}</figure>\n";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
