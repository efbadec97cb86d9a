using System.Globalization;
using System.Text;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>The report as an HTML page.</summary>
internal static class StudyPage
{
    /// <summary>As many points in all charts together, so that the page stays small; beyond it lines are drawn with
    /// fewer.</summary>
    private const int MostPoints = 60_000;

    public static ReportPage Of(StudyReport report)
    {
        var page = new ReportPage(report.Summary.File.Question).Style(CurvePalette.Css).Style(SvgChartStyle.Css);
        page.Paragraph(report.Conclusion.Best).Paragraph(report.Notes.Size);
        Factors(page, report.Conclusion);
        page.Section("Settings")
            .Table(report.Table.Columns, report.Table.Cells, report.Table.IsBest)
            .Note(report.Notes.Legend(ReportPage.BestMark));
        Ends(page, report.Notes.Ends);
        Changed(page, report.Notes.Changed);
        Curves(page, report);
        if (report.Runs.Cells.Count > 0)
        {
            page.Section("Each run").Table(report.Runs.Columns, report.Runs.Cells);
        }

        Options(page, report.Options);
        page.Section("Data and machine")
            .Table(["what", "value"], [.. report.Facts.Select(fact => (IReadOnlyList<string>)[fact.Name, fact.Value])]);
        if (report.Summary.File.Command is string command)
        {
            page.Section("Command").Code(command);
        }

        return page.Script(SvgChartScript.JavaScript);
    }

    private static void Factors(ReportPage page, StudyConclusion conclusion)
    {
        if (conclusion.Factors.Count == 0)
        {
            return;
        }

        string items = string.Concat(conclusion.Factors.Select(factor => $"<li>{ReportPage.Text(factor.Sentence)}</li>"));
        page.Section("What each factor does").Html($"<ul class=\"verdicts\">{items}</ul>");
        if (conclusion.Method.Length > 0)
        {
            page.Note(conclusion.Method);
        }
    }

    private static void Ends(ReportPage page, IReadOnlyList<(string Trials, string Reason)> ends)
    {
        if (ends.Count > 0)
        {
            page.Section("Trials that did not run to the end, or have no result").Html(List(ends));
        }
    }

    private static void Changed(ReportPage page, IReadOnlyList<(string Trials, string Changes)> changed)
    {
        if (changed.Count > 0)
        {
            page.Section("Trials with other options").Paragraph(StudyNotes.ChangedNote).Html(List(changed));
        }
    }

    private static string List(IReadOnlyList<(string Name, string Text)> items) =>
        "<ul class=\"reasons\">"
        + string.Concat(items.Select(item => $"<li><b>{ReportPage.Text(item.Name)}</b>: {ReportPage.Text(item.Text)}</li>"))
        + "</ul>";

    private static void Curves(ReportPage page, StudyReport report)
    {
        var (charts, small) = (report.Curves.Overlaid, report.Curves.BySetting);
        page.Section("Curves");
        if (charts.Count == 0)
        {
            page.Paragraph("No trial has finished an epoch.");
            return;
        }

        int points = charts.Concat(small).Sum(chart => chart.Curves.Sum(curve => curve.Points.Count));
        int step = (points + MostPoints - 1) / MostPoints;
        string thinned = step > 1 ? string.Create(CultureInfo.InvariantCulture, $" Drawn is one epoch in {step}.") : "";
        page.Note(
            $"{DisplayText.Count(charts[0].Curves.Count, "line")} a chart, one a trial. Point at a chart, or take "
                + $"the arrow keys, for values; clear a box to hide a setting.{thinned}"
        );
        page.Html(Legend([.. report.Summary.Settings.Select(setting => setting.Name)]));
        page.Html(
            $"<div class=\"charts\">{string.Concat(charts.Select(chart => Overlaid(chart.Metric, chart.Curves, step)))}</div>"
        );
        foreach (var (name, curves) in small)
        {
            page.Html(ByItself(report.Curves.SmallTitle(name), name, curves, step));
        }
    }

    private static string Overlaid(string name, IReadOnlyList<Curve> curves, int step)
    {
        var axes = CurveAxes.Of(name, curves, SvgSize.Large.EpochTicks, SvgSize.Large.ValueTicks);
        string title = $"{DisplayText.Of(name)} by epoch{axes.CutText}";
        string chart = SvgChart.Draw(title, axes, [.. curves.Select(curve => curve.Thinned(step))], SvgSize.Large);
        return $"<figure><figcaption>{ReportPage.Text(title)}</figcaption>{chart}<output></output></figure>\n";
    }

    private static string ByItself(string heading, string name, IReadOnlyList<Curve> curves, int step)
    {
        var axes = CurveAxes.Of(name, curves, SvgSize.Small.EpochTicks, SvgSize.Small.ValueTicks);
        var charts = new StringBuilder($"<h3>{ReportPage.Text(heading + axes.CutText)}</h3><div class=\"charts small\">");
        foreach (var setting in curves.GroupBy(curve => curve.Setting))
        {
            string title = setting.First().SettingName;
            charts.Append(
                CultureInfo.InvariantCulture,
                $"<figure data-s=\"{setting.Key}\"><figcaption>{ReportPage.Text(title)}</figcaption>"
            );
            charts
                .Append(
                    SvgChart.Draw(
                        $"{DisplayText.Of(name)} of {title} by epoch",
                        axes,
                        [.. setting.Select(curve => curve.Thinned(step))],
                        SvgSize.Small
                    )
                )
                .Append("<output></output></figure>\n");
        }

        return charts.Append("</div>").ToString();
    }

    private static string Legend(IReadOnlyList<string> settings)
    {
        string buttons =
            settings.Count > 2
                ? "<button type=\"button\" value=\"all\">Show all</button><button type=\"button\" "
                    + "value=\"none\">Hide all</button>"
                : "";
        return "<fieldset "
            + $"class=\"legend\"><legend>Settings</legend>{buttons}<div>{string.Concat(settings.Select(Entry))}</div></fieldset>";

        static string Entry(string name, int number) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"<label><input type=\"checkbox\" value=\"{number}\" checked><svg class=\"swatch "
                    + $"{SvgChart.Style(number)}\" viewBox=\"0 0 30 10\" aria-hidden=\"true\">"
                    + $"<path class=\"line\" d=\"M0 5h30\"/>{SvgChart.Dot(number, 15, 5)}</path></svg>"
                    + $"{ReportPage.Text(name)}</label>\n"
            );
    }

    private static void Options(ReportPage page, OptionComparison options)
    {
        if (options.Differing.Count > 0)
        {
            page.Section("What differed between trials")
                .Table(
                    ["option", "values", "goes with the factor"],
                    [.. options.Differing.Select(entry => (IReadOnlyList<string>)[entry.Option, entry.Values, entry.Factor])]
                );
            if (options.Warning is string warning)
            {
                page.Paragraph(warning);
            }
        }

        if (options.Held.Count > 0)
        {
            page.Section("What was held fixed")
                .Table(["of", "options"], [.. options.Held.Select(entry => (IReadOnlyList<string>)[entry.Group, entry.Options])]);
        }
    }
}
