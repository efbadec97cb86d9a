using System.Globalization;
using System.Text;

namespace VisionSeqModels.Drawing;

/// <summary>Charts of one set of lines on a page, with the legend that hides them: a large chart for each metric, and small ones
/// with common axes.</summary>
internal sealed class CurvePanel
{
    private const int MostWithTraining = 8;
    private readonly StringBuilder _html = new();
    private readonly bool _training;

    /// <param name="title">What the legend lists.</param>
    /// <param name="settings">The names of the settings, by number.</param>
    /// <param name="charts">All charts: what their lines are decides which switches there are.</param>
    /// <param name="roles">What the lines of each role are measured on.</param>
    public CurvePanel(string title, IReadOnlyList<string> settings, IReadOnlyList<CurveChart> charts, IReadOnlyList<string> roles)
    {
        var all = charts.SelectMany(chart => chart.Curves).ToList();
        _training = settings.Count <= MostWithTraining;
        _html.Append("<div class=\"curves").Append(_training ? "" : " no-r1").Append("\">");
        string buttons =
            settings.Count > 2
                ? "<button type=\"button\" value=\"all\">Show all</button>"
                    + "<button type=\"button\" value=\"none\">Hide all</button>"
                : "";
        var switches = new StringBuilder();
        if (all.Any(curve => curve.IsPart))
        {
            switches.Append("<label class=\"demand\"><input type=\"checkbox\" name=\"parts\"> each run by itself</label>");
        }

        foreach (int role in all.Select(curve => curve.Role).Distinct().Order().ToList() is { Count: > 1 } several ? several : [])
        {
            string isOn = role == 1 && !_training ? "" : " checked";
            switches.Append(
                CultureInfo.InvariantCulture,
                $"<label><input type=\"checkbox\" name=\"role\" value=\"{role}\"{isOn}><svg class=\"swatch\" "
                    + $"viewBox=\"0 0 30 10\" aria-hidden=\"true\"><path class=\"line r{role}\" d=\"M0 5h30\"/></svg>"
                    + $"{ReportPage.Text(roles[role])}</label>"
            );
        }

        _html.Append(
            CultureInfo.InvariantCulture,
            $"<fieldset class=\"legend\"><legend>{ReportPage.Text(title)}</legend>"
                + $"<div class=\"switches\">{buttons}{switches}</div>"
                + $"<div class=\"entries\">{string.Concat(settings.Select(Entry))}</div></fieldset>"
        );
    }

    /// <summary>Adds a large chart for each metric.</summary>
    public CurvePanel Large(IReadOnlyList<CurveChart> charts)
    {
        _html.Append("<div class=\"charts\">");
        foreach (var chart in charts)
        {
            var axes = Axes(chart, SvgSize.Large);
            string title = $"{Name(chart)} by epoch";
            _html
                .Append(
                    CultureInfo.InvariantCulture,
                    $"<figure class=\"group\" data-low=\"{(ChartStyle.IsLowerBetter(chart.Metric) ? 1 : 0)}\"><figcaption>"
                        + $"{ReportPage.Text(title)}<span class=\"cut\">{axes.CutText}</span>{LogSwitch}</figcaption>"
                )
                .Append(SvgChart.Draw(title, axes, chart.Curves, SvgSize.Large))
                .Append("<output></output></figure>\n");
        }

        _html.Append("</div>");
        return this;
    }

    /// <summary>Adds a small chart for each setting of a metric, all with the same axes.</summary>
    public CurvePanel Small(string heading, CurveChart chart)
    {
        var axes = Axes(chart, SvgSize.Small);
        _html.Append(
            CultureInfo.InvariantCulture,
            $"<div class=\"group\" data-low=\"{(ChartStyle.IsLowerBetter(chart.Metric) ? 1 : 0)}\"><h3>{ReportPage.Text(heading)}"
                + $"<span class=\"cut\">{axes.CutText}</span>{LogSwitch}</h3><div class=\"charts small\">"
        );
        foreach (var setting in chart.Curves.GroupBy(curve => curve.Setting))
        {
            string title = setting.First().SettingName;
            _html
                .Append(
                    CultureInfo.InvariantCulture,
                    $"<figure data-s=\"{setting.Key}\"><figcaption>{ReportPage.Text(title)}</figcaption>"
                )
                .Append(SvgChart.Draw($"{Name(chart)} of {title} by epoch", axes, [.. setting], SvgSize.Small))
                .Append("<output></output></figure>\n");
        }

        _html.Append("</div></div>");
        return this;
    }

    /// <summary>Adds it to a page, with styles and script.</summary>
    public void AddTo(ReportPage page) =>
        page.Style(CurvePalette.Css)
            .Style(SvgChartStyle.Css)
            .Script(SvgChartScript.JavaScript)
            .Html(_html.Append("</div>").ToString());

    private const string LogSwitch = "<label class=\"log\"><input type=\"checkbox\" name=\"log\"> log axis</label>";

    private static string Name(CurveChart chart) => chart.Metric.Replace('_', ' ');

    private CurveAxes Axes(CurveChart chart, SvgSize size) =>
        CurveAxes.Of(chart.Metric, chart.Shown(_training), size.EpochTicks, size.ValueTicks);

    private static string Entry(string name, int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"<label><input type=\"checkbox\" name=\"setting\" value=\"{number}\" checked><svg class=\"swatch "
                + $"{SvgChart.Style(number)}\" viewBox=\"0 0 30 10\" aria-hidden=\"true\">"
                + $"<path class=\"line\" d=\"M0 5h30\"/>{SvgChart.Dot(number, 15, 5)}</path></svg>"
                + $"{ReportPage.Text(name)}</label>\n"
        );
}
