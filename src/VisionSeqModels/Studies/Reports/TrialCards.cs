using System.Globalization;
using System.Text;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>A small card for each trial, with its curve and its filters, that leads to its report and its folder.</summary>
internal sealed class TrialCards(StudySummary summary, StudyCurves curves, TrialLinks links)
{
    private const int Most = 60;
    private const int MostPictures = 24;
    private const int PictureSide = 96;
    private const int Width = 120;
    private const int Height = 54;
    private const int MostPoints = 60;

    public const string Css = """
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 10.5rem), 1fr)); gap: .7rem; }
        .card { border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .5rem; font-size: .8rem; line-height: 1.3;
            min-width: 0; overflow-wrap: anywhere; break-inside: avoid; display: flex; flex-direction: column; gap: .2rem; }
        .card b { font-weight: 600; }
        .card img { width: 100%; height: 4.5rem; object-fit: contain; object-position: left; padding: 2px; }
        .card .links { margin-top: auto; }
        .spark { display: block; width: 100%; height: 3.4rem; }
        .spark path { fill: none; stroke: currentColor; stroke-width: 1.6px; vector-effect: non-scaling-stroke; }
        .spark .r1, .spark .r2 { stroke-width: 1px; stroke-dasharray: 1.5 2.5; }
        """;

    /// <summary>Adds the cards to a page; none where no trial has a folder.</summary>
    public void AddTo(ReportPage page)
    {
        var trials = summary
            .Settings.SelectMany((setting, number) => setting.Trials.Select(trial => (Number: number, Trial: trial)))
            .Where(entry => links.Of(entry.Trial) is not null)
            .ToList();
        if (trials.Count == 0)
        {
            return;
        }

        page.Section("Trials").Style(Css).Style(CurvePalette.Css);
        string which =
            trials.Count > Most
                ? string.Create(Invariant, $"Here are {Most} of {trials.Count:n0}, those of the first settings. ")
                : "";
        page.Note(
            $"{which}Each leads to the trial's own report: settings, curves, pictures, errors. The line is "
                + $"{DisplayText.Of(summary.File.Monitor)} by epoch, with the training data dotted; all have the same axes."
        );
        var html = new StringBuilder("<div class=\"cards\">");
        var axes = Axes();
        foreach (var (i, (number, trial)) in trials.Take(Most).Index())
        {
            Card(html, trial, number, axes, withPicture: i < MostPictures);
        }

        page.Html(html.Append("</div>").ToString());
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private void Card(StringBuilder html, TrialResult trial, int number, CurveAxes? axes, bool withPicture)
    {
        string name = ReportPage.Text(summary.NameOf(trial)),
            report = ReportPage.Text(links.Of(trial)!);
        html.Append(Invariant, $"<div class=\"card\"><b>{name}</b>");
        html.Append(axes is null ? "" : Spark(summary.NameOf(trial), number, axes));
        if (withPicture && Thumbnail(trial) is Picture picture)
        {
            string data = Convert.ToBase64String(picture.ToPng());
            html.Append(Invariant, $"<img alt=\"Filters of {name}\" src=\"data:image/png;base64,{data}\">");
        }

        string result = trial.Score is double score ? DisplayText.Number(score) : SettingSummary.OutcomeOf(trial);
        string toReport = report.EndsWith('/') ? "" : $"<a href=\"{report}\">report</a>, ";
        html.Append(Invariant, $"<span>{ReportPage.Text(result)}</span>");
        html.Append(Invariant, $"<span class=\"links\">{toReport}<a href=\"{trial.Folder}/\">folder</a></span></div>\n");
    }

    /// <summary>The chart of the study's metric, on axes for all trials.</summary>
    private CurveAxes? Axes() =>
        curves.Charts is [var chart, ..] ? CurveAxes.Of(chart.Metric, chart.Shown(training: true), 4, 3) : null;

    private string Spark(string trial, int number, CurveAxes axes)
    {
        var svg = new StringBuilder();
        svg.Append(
            Invariant,
            $"<svg class=\"spark {SvgChart.Style(number)}\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" "
                + $"aria-hidden=\"true\">"
        );
        foreach (var curve in curves.OfTrial(trial))
        {
            string points = string.Join(
                'L',
                curve
                    .Thinned((curve.Points.Count + MostPoints - 1) / MostPoints)
                    .Points.Select(point => string.Create(Invariant, $"{X(point.Epoch):0.#} {Y(point.Value):0.#}"))
            );
            svg.Append(Invariant, $"<path class=\"r{curve.Role}\" d=\"M{points}\"/>");
        }

        return svg.Append("</svg>").ToString();

        double X(double epoch) => 2 + ((epoch - axes.Epochs.First) / (axes.Epochs.Last - axes.Epochs.First) * (Width - 4));
        double Y(double value) =>
            2 + (Math.Clamp((axes.Values.Last - value) / (axes.Values.Last - axes.Values.First), 0, 1) * (Height - 4));
    }

    private Picture? Thumbnail(TrialResult trial)
    {
        try
        {
            return links.PathOf(trial, "conv1_weights.png", mustExist: true) is string path
                ? Picture.OfPng(File.ReadAllBytes(path))?.Within(PictureSide)
                : null;
        }
        catch (IOException)
        {
            return null; // a page without a thumbnail is better than none
        }
    }
}
