using System.Globalization;
using VisionSeqModels.Training;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Studies;

/// <summary>The curves of a study's trials: all in one chart a figure, and one small chart a setting with the same axes.</summary>
internal sealed class StudyCurves(Study study, IReadOnlyList<StudySummary> settings)
{
    private const int MostSmallCharts = 24;

    /// <summary>The figures there are, the one that is compared first.</summary>
    public IReadOnlyList<string> Figures { get; } = [.. study.Rows.SelectMany(row => row.History?.MetricNames ?? []).Distinct().OrderBy(name => name == study.Monitor ? 0 : 1)];

    /// <summary>The figure that is compared, and the loss that goes with it.</summary>
    public IReadOnlyList<string> SmallFigures => [.. Figures.Where(name => name == study.Monitor || name == Loss).Where(name => Range(name) is not null)];

    public string SmallNote(string figure) => settings.Count > Shown.Count
        ? string.Create(CultureInfo.InvariantCulture, $"{figure} of the {Shown.Count} best settings of {settings.Count}, all with the same axes.")
        : $"{figure} of each setting, all with the same axes{(ManySeeds ? ", one line a seed" : "")}.";

    private bool ManySeeds => settings.Any(setting => setting.Rows.Count > 1);

    private string Loss => Figures.Contains("test_loss") ? "test_loss" : Figures.Contains("val_loss") ? "val_loss" : "train_loss";

    private List<StudySummary> Shown => settings.Count <= MostSmallCharts ? [.. settings] : [.. settings.Take(MostSmallCharts)];

    /// <summary>One chart with all lines as SVG.</summary>
    public string Overlay(string figure) => Range(figure) is ChartRange range ? SvgChart.Overlay(string.Create(CultureInfo.InvariantCulture, $"chart{Figures.ToList().IndexOf(figure)}-"), $"{figure}, one line a trial", [.. settings.Select(setting => (setting.Name, Lines(figure, setting.Rows)))], range)
        : $"<p>{ReportPage.Text(figure)}: no finite value to draw.</p>";

    /// <summary>One small chart a setting as SVG.</summary>
    public string Smalls(string figure) => $"<div class=\"smalls\">{string.Concat(Shown.Select(setting => SvgChart.One(setting.Name, Lines(figure, setting.Rows), Range(figure)!)))}</div>";

    /// <summary>Writes the pictures of the Markdown report.</summary>
    public void WritePictures()
    {
        foreach (string figure in Figures.Where(figure => Range(figure) is not null))
        {
            LineChart.Draw([.. settings.Select(setting => Mean(figure, setting))], new LineChartOptions { Title = ManySeeds ? $"{figure}, means over the seeds" : figure, XTitle = "epoch", Width = 900, Height = 480 }).SavePng(Path.Combine(study.Folder, Picture(figure)));
        }

        foreach (string figure in SmallFigures)
        {
            SmallCharts.Draw([.. Shown.Select(setting => (setting.Name, Lines(figure, setting.Rows)))], Range(figure)!).SavePng(Path.Combine(study.Folder, SmallPicture(figure)));
        }
    }

    /// <summary>A file name on every system, whatever a metric is called.</summary>
    public static string Picture(string figure) => $"{Uri.EscapeDataString(figure)}.png";

    /// <summary>The same for the small charts.</summary>
    public static string SmallPicture(string figure) => $"{Uri.EscapeDataString(figure)}_by_setting.png";

    /// <summary>The axes of a figure: those of the trials that ended well, since a diverged one would flatten all others; of all where none did.</summary>
    private ChartRange? Range(string figure) => ChartRange.Of(Lines(figure, study.Rows.Where(row => row.Outcome is not (StopReason.NonFinite or StopReason.Failed)))) ?? ChartRange.Of(Lines(figure));

    private LineSeries Mean(string figure, StudySummary setting)
    {
        var points = Lines(figure, setting.Rows).SelectMany(line => line.X.Zip(line.Y)).Where(point => double.IsFinite(point.Second)).GroupBy(point => point.First).OrderBy(group => group.Key).ToList();
        return new LineSeries(setting.Name, [.. points.Select(group => group.Key)], [.. points.Select(group => group.Average(point => point.Second))]);
    }

    private List<LineSeries> Lines(string figure, IEnumerable<StudyRow>? rows = null) => [.. (rows ?? study.Rows).Where(row => row.History is { Epochs.Count: > 0 })
        .Select(row => (Row: row, Epochs: row.History!.Epochs.Where(epoch => !epoch.IsPartial && epoch[figure] is not null).ToList()))
        .Select(entry => new LineSeries(
            ManySeeds ? string.Create(CultureInfo.InvariantCulture, $"{entry.Row.Setting}, seed {entry.Row.Seed}") : entry.Row.Setting,
            [.. entry.Epochs.Select(epoch => (double)epoch.Epoch)], [.. entry.Epochs.Select(epoch => epoch[figure]!.Value)]))];
}
