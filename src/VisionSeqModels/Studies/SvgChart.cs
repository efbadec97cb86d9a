using System.Globalization;
using System.Text;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Studies;

/// <summary>Lines as an SVG picture within a page: every point tells its value under the pointer, and a name in the legend hides its line.</summary>
internal static class SvgChart
{
    private const int Width = 720;
    private const int Height = 360;
    private const int Left = 60;
    private const int Bottom = 40;
    private const int Top = 16;
    private static readonly string[] Colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#777777", "#B8A800"];

    public static string Draw(string id, string title, string xTitle, IReadOnlyList<LineSeries> series)
    {
        var points = series.Select(line => line.X.Zip(line.Y).Where(point => double.IsFinite(point.Second)).ToList()).ToList();
        var all = points.SelectMany(line => line).ToList();
        if (all.Count == 0)
        {
            return "<p>No finite value to draw.</p>";
        }

        (double least, double most) = (all.Min(point => point.Second), all.Max(point => point.Second));
        double margin = most > least ? 0.05 * (most - least) : 0.5;
        (least, most) = (least - margin, most + margin);
        (double first, double last) = (all.Min(point => point.First), Math.Max(all.Max(point => point.First), all.Min(point => point.First) + 1));
        double X(double value) => Left + ((value - first) / (last - first) * (Width - Left - 16));
        double Y(double value) => Top + ((most - value) / (most - least) * (Height - Top - Bottom));
        var svg = new StringBuilder();
        for (int i = 0; i < series.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<input type=\"checkbox\" class=\"pick\" id=\"{id}{i}\" checked><label for=\"{id}{i}\"><span style=\"color:{Colors[i % Colors.Length]}\">■</span> {ReportPage.Text(series[i].Name)}</label> ");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{ReportPage.Text(title)}\">");
        Axes(svg, least, most, first, last, X, Y, xTitle);
        for (int i = 0; i < series.Count; i++)
        {
            string color = Colors[i % Colors.Length];
            svg.Append(CultureInfo.InvariantCulture, $"<g class=\"series\" data-pick=\"{id}{i}\"><polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"{(i >= Colors.Length ? " stroke-dasharray=\"6 3\"" : "")} points=\"");
            svg.AppendJoin(' ', points[i].Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.First):f1},{Y(point.Second):f1}"))).Append("\"/>");
            foreach (var (x, y) in points[i])
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(x):f1}\" cy=\"{Y(y):f1}\" r=\"4\" fill=\"{color}\"><title>{ReportPage.Text(series[i].Name)}, {xTitle} {x:0.##}: {y:0.#####}</title></circle>");
            }

            svg.Append("</g>");
        }

        return $"<figure class=\"chart\">{svg}</svg><figcaption>{ReportPage.Text(title)}</figcaption></figure>";
    }

    /// <summary>Hides what is not picked.</summary>
    public const string Script = """
        <script>for (const box of document.querySelectorAll('.pick')) box.addEventListener('change', () => { for (const g of document.querySelectorAll('[data-pick="' + box.id + '"]')) g.style.display = box.checked ? '' : 'none'; });</script>
        <style>.chart svg { width: 100%; height: auto; } .chart text { fill: var(--ink); font-size: 12px; } .chart label { font-size: .85rem; margin-right: .7rem; white-space: nowrap; } @media print { .pick { display: none; } }</style>
        """;

    private static void Axes(StringBuilder svg, double least, double most, double first, double last, Func<double, double> x, Func<double, double> y, string xTitle)
    {
        const int ticks = 5;
        for (int i = 0; i <= ticks; i++)
        {
            double value = least + ((most - least) * i / ticks);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - 16}\" y1=\"{y(value):f1}\" y2=\"{y(value):f1}\" stroke=\"var(--line)\"/><text x=\"{Left - 6}\" y=\"{y(value) + 4:f1}\" text-anchor=\"end\">{value:0.###}</text>");
        }

        double step = Math.Max(1, Math.Ceiling((last - first) / 12));
        for (double value = first; value <= last; value += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x(value):f1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{value:0}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width) / 2}\" y=\"{Height - 4}\" text-anchor=\"middle\">{ReportPage.Text(xTitle)}</text>");
    }
}
