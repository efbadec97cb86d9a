using System.Globalization;
using VisionSeqModels.Core;
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
        var page = new ReportPage(report.Summary.File.Question);
        page.Paragraph(report.Conclusion.Best).Paragraph(report.Notes.Size);
        Factors(page, report);
        page.Section("Settings")
            .Table(report.Table.OnPage(setting => setting.Trials is [var only] ? report.Links.Of(only) : null))
            .Note(report.Notes.Legend(ReportPage.BestMark));
        Ends(page, report.Notes.Ends);
        Changed(page, report.Notes.Changed);
        Curves(page, report);
        if (report.Runs.Cells.Count > 0)
        {
            page.Section("Each run").Table(report.Runs.OnPage(report.Summary, report.Links));
        }

        HalvingChart.AddTo(page, report.Summary);
        report.Workers.AddTo(page);
        new TrialCards(report.Summary, report.Curves, report.Links).AddTo(page);

        Options(page, report.Options);
        page.Section("Data and machine")
            .Table(["what", "value"], [.. report.Facts.Select(fact => (IReadOnlyList<string>)[fact.Name, fact.Value])]);
        if (report.Summary.File.Command is string command)
        {
            page.Section("Command").Code(command);
        }

        return page;
    }

    private static void Factors(ReportPage page, StudyReport report)
    {
        var conclusion = report.Conclusion;
        if (conclusion.FactorSentences.Count == 0)
        {
            return;
        }

        string items = string.Concat(conclusion.FactorSentences.Select(text => $"<li>{ReportPage.Text(text)}</li>"));
        page.Section("What each factor does").Html($"<ul class=\"verdicts\">{items}</ul>");
        if (conclusion.Method.Length > 0)
        {
            page.Note(conclusion.Method);
        }

        if (report.Effects.Cells.Count > 0)
        {
            string metric = $"final {DisplayText.Of(report.Summary.File.Monitor)}";
            page.Style(CurvePalette.Css)
                .Style(SvgChartStyle.Css)
                .Table(report.Effects.Columns, report.Effects.Cells)
                .Html(string.Concat(conclusion.Maps.Select(map => SvgGridMap.Draw(map, metric))));
        }

        if (conclusion.Coordinates is ParallelCoordinates search)
        {
            page.Style(CurvePalette.Css).Style(SvgChartStyle.Css).Html(SvgParallelCoordinates.Draw(search));
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
        var (charts, small) = (report.Curves.Charts, report.Curves.Small);
        page.Section("Curves");
        if (charts.Count == 0)
        {
            page.Paragraph("No trial has finished an epoch.");
            return;
        }

        int points = charts.Concat(small).Sum(chart => chart.Curves.Sum(curve => curve.Points.Count));
        int step = (points + MostPoints - 1) / MostPoints;
        string thinned = step > 1 ? string.Create(CultureInfo.InvariantCulture, $" Drawn is one epoch in {step}.") : "";
        string means = charts.Any(chart => chart.Curves.Any(curve => curve.Band is not null))
            ? $"A line is the mean over the {report.Summary.Repeats} that did the epoch, its band their range."
            : "A line is a trial.";
        page.Note(
            $"{means} Point at a chart, or take the arrow keys, for values; clear a box to hide a setting: the axes fit what is "
                + $"left.{thinned}"
        );
        var panel = new CurvePanel(
            "Settings",
            [.. report.Summary.Settings.Select(setting => setting.Name)],
            charts,
            report.Curves.Roles
        ).Large([.. charts.Select(chart => chart.Thinned(step))]);
        foreach (var chart in small)
        {
            panel.Small(report.Curves.SmallTitle(chart.Metric), chart.Thinned(step));
        }

        panel.AddTo(page);
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
