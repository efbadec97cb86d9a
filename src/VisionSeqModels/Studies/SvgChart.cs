using System.Globalization;
using System.Text;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Studies;

/// <summary>Lines as an SVG picture within a page: points tell their values under the pointer, and a name in the legend hides its line.</summary>
internal static class SvgChart
{
    private const int MostPoints = 1500; // with a value under the pointer
    private static readonly string[] Colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#777777", "#B8A800"];
    private static readonly string[] Dashes = ["", " stroke-dasharray=\"7 3\"", " stroke-dasharray=\"2 3\"", " stroke-dasharray=\"9 3 2 3\""];
    private static readonly Layout Large = new(720, 372, 66, 50, 6, 12, 4);
    private static readonly Layout Small = new(260, 170, 44, 28, 4, 5, 3);

    /// <summary>Hides what is not picked.</summary>
    public const string Script = """
        <script>for (const box of document.querySelectorAll('.pick')) box.addEventListener('change', () => { for (const g of document.querySelectorAll('[data-pick="' + box.id + '"]')) g.style.display = box.checked ? '' : 'none'; });</script>
        <style>.larges { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(30rem, 100%), 1fr)); gap: 0 1.5rem; } .chart svg { width: 100%; height: auto; display: block; } .chart text { fill: var(--ink); font-size: 12px; } .large text { font-size: 15px; } .legend { max-height: 9rem; overflow-y: auto; } .legend label { font-size: .85rem; margin-right: .7rem; display: inline-block; }
        .legend svg { width: 26px; height: 8px; display: inline-block; vertical-align: middle; } .smalls { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .5rem 1rem; } .smalls figure { margin: 0; } .smalls figcaption { overflow-wrap: anywhere; }
        @media (max-width: 40rem) { .large text { font-size: 22px; } } @media print { .pick { display: none; } .legend { max-height: none; } .smalls { grid-template-columns: repeat(3, 1fr); } }</style>
        """;

    /// <summary>All lines in one chart, in groups with a colour and a name that hides them.</summary>
    /// <param name="id">The chart's name within the page.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="groups">The lines.</param>
    /// <param name="range">The axes.</param>
    public static string Overlay(string id, string title, IReadOnlyList<(string Name, List<LineSeries> Lines)> groups, ChartRange range)
    {
        var html = new StringBuilder("<figure class=\"chart large\"><div class=\"legend\">");
        for (int i = 0; i < groups.Count; i++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<label><input type=\"checkbox\" class=\"pick\" id=\"{id}{i}\" checked><svg viewBox=\"0 0 26 8\" aria-hidden=\"true\"><path d=\"M0 4H26\" {Stroke(i)}/></svg> {ReportPage.Text(groups[i].Name)}</label> ");
        }

        html.Append("</div>");
        Draw(html, Large, title, groups, range, (body, i) => $"<g data-pick=\"{id}{i}\">{body}</g>");
        return html.Append(CultureInfo.InvariantCulture, $"<figcaption>{ReportPage.Text(title)}</figcaption></figure>").ToString();
    }

    /// <summary>A small chart with all its lines in one colour.</summary>
    public static string One(string title, List<LineSeries> series, ChartRange range)
    {
        var html = new StringBuilder("<figure class=\"chart\">");
        Draw(html, Small, title, [(title, series)], range, (body, _) => body);
        return html.Append(CultureInfo.InvariantCulture, $"<figcaption>{ReportPage.Text(title)}</figcaption></figure>").ToString();
    }

    private static void Draw(StringBuilder html, Layout layout, string title, IReadOnlyList<(string Name, List<LineSeries> Lines)> groups, ChartRange range, Func<string, int, string> wrap)
    {
        html.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {layout.Width} {layout.Height}\" role=\"img\" aria-label=\"{ReportPage.Text(title)}\">");
        Axes(html, layout, range);
        int every = 1 + (groups.Sum(group => group.Lines.Sum(line => line.X.Count)) / MostPoints);
        for (int i = 0; i < groups.Count; i++)
        {
            html.Append(wrap(string.Concat(groups[i].Lines.Select(line => Line(line, layout, range, i, every))), i));
        }

        html.Append("</svg>");
    }

    private static string Line(LineSeries line, Layout layout, ChartRange range, int colour, int every)
    {
        var points = line.X.Zip(line.Y).Where(point => double.IsFinite(point.Second)).ToList();
        var svg = new StringBuilder($"<polyline fill=\"none\" {Stroke(colour)} points=\"");
        svg.AppendJoin(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{layout.X(point.First, range):0.#},{layout.Y(point.Second, range):0.#}"))).Append("\"/>");
        for (int i = 0; i < points.Count; i++)
        {
            if (i % every == 0 || i == points.Count - 1)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{layout.X(points[i].First, range):0.#}\" cy=\"{layout.Y(points[i].Second, range):0.#}\" r=\"{layout.Radius}\" fill=\"{Colors[colour % Colors.Length]}\"><title>{ReportPage.Text(line.Name)}, epoch {points[i].First:0}: {points[i].Second:0.####}</title></circle>");
            }
        }

        return svg.ToString();
    }

    private static string Stroke(int number) => $"stroke=\"{Colors[number % Colors.Length]}\" stroke-width=\"2\"{Dashes[number / Colors.Length % Dashes.Length]}";

    private static void Axes(StringBuilder svg, Layout layout, ChartRange range)
    {
        foreach (var (value, text) in range.TicksY(layout.TicksY))
        {
            double y = layout.Y(value, range);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{layout.Left} {y:0.#}H{layout.Width - Layout.Right}\" stroke=\"var(--line)\"/><text x=\"{layout.Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{text}</text>");
        }

        foreach (var (value, text) in range.TicksX(layout.TicksX))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{layout.X(value, range):0.#}\" y=\"{layout.Height - layout.Bottom + 18}\" text-anchor=\"middle\">{text}</text>");
        }

        if (layout == Large)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(layout.Left + layout.Width) / 2}\" y=\"{layout.Height - 6}\" text-anchor=\"middle\">epoch</text>");
        }
    }

    /// <summary>Sizes in units of the picture.</summary>
    private sealed record Layout(int Width, int Height, int Left, int Bottom, int TicksY, int TicksX, int Radius)
    {
        public const int Right = 14;
        private const int Top = 10;

        public double X(double value, ChartRange range) => Left + ((value - range.First) / (range.Last - range.First) * (Width - Left - Right));

        /// <summary>What lies outside is drawn at the edge.</summary>
        public double Y(double value, ChartRange range) => Top + (Math.Clamp((range.Most - value) / (range.Most - range.Least), 0, 1) * (Height - Top - Bottom));
    }
}
