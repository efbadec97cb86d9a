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
    private const int Room = 24;
    private const int Letter = 9; // of the larger text on a phone

    public static string Draw(ParallelCoordinates search)
    {
        int left = Math.Max(Side, Math.Max(Room + Labels(search.Axes[0]), Letter * search.Axes[0].Name.Length / 2)),
            right = Math.Max(Side, Letter * search.Axes[^1].Name.Length / 2),
            between = Math.Max(
                Math.Max(Between, Room + search.Axes.Skip(1).Select(Labels).DefaultIfEmpty(0).Max()),
                Room
                    + search
                        .Axes.Zip(search.Axes.Skip(1), (a, b) => Letter * (a.Name.Length + b.Name.Length) / 2)
                        .DefaultIfEmpty(0)
                        .Max()
            ),
            width = left + right + (between * (search.Axes.Count - 1));
        double X(int axis) => left + (between * axis);
        double Y(double place) => Top + ((1 - place) * (Height - Top - Bottom));
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"chart parallel c0\" viewBox=\"0 0 {width} {Height}\" style=\"{SvgWidth.Of(width)}\" "
                + $"role=\"img\" aria-label=\"each setting a line across its factors' values and its result\">"
        );
        foreach (var (setting, places, rank) in search.Lines.Reverse()) // the best on top
        {
            string points = string.Join(' ', places.Select((place, i) => Invariant($"{X(i):0.#},{Y(place):0.#}")));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<polyline points=\"{points}\" opacity=\"{search.Fullness(rank):0.##}\">"
                    + $"<title>{ReportPage.Text(setting)}</title></polyline>"
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

        return $"<figure class=\"factors\"><figcaption>{ParallelCoordinates.Caption}</figcaption>"
            + $"{svg.Append("</svg>")}</figure>\n";
    }

    /// <summary>The room of an axis' labels.</summary>
    private static int Labels((string Name, IReadOnlyList<(double Place, string Label)> Ticks) axis) =>
        Letter * axis.Ticks.Select(tick => tick.Label.Length).DefaultIfEmpty(0).Max();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
