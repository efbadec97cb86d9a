using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>The lines of a study's charts.</summary>
internal sealed class StudyCurves(StudyReport report)
{
    private const int MostSmallCharts = 24;

    /// <summary>All figures: the study's own first, then the loss beside it.</summary>
    public IReadOnlyList<string> Figures { get; } =
        [.. report.Study.Rows.SelectMany(row => row.History?.MetricNames ?? []).Distinct().OrderBy(name => name == report.Study.Monitor ? 0 : name == StudyTable.LossOf(report.Study) ? 1 : 2)];

    /// <summary>Those that are drawn for each setting by itself: the study's own, and the loss.</summary>
    public IReadOnlyList<string> SmallFigures => [.. Figures.Where(name => name == report.Study.Monitor || name == StudyTable.LossOf(report.Study))];

    /// <summary>Above a chart for each setting by itself: which figure, and of which settings.</summary>
    public string SmallTitle(string figure) => report.Settings.Count > MostSmallCharts
        ? string.Create(CultureInfo.InvariantCulture, $"The {MostSmallCharts} best settings of {report.Settings.Count:n0}, each by itself: {Words.Of(figure)} by epoch")
        : $"Each setting by itself: {Words.Of(figure)} by epoch";

    /// <summary>The lines of those settings that have a chart for themselves.</summary>
    public IReadOnlyList<Curve> OfShown(string figure) => [.. Of(figure).Where(curve => curve.Setting < MostSmallCharts)]; // of many settings the best are first

    /// <summary>A line for each trial that has a finite value of a figure.</summary>
    public IReadOnlyList<Curve> Of(string figure) => [.. report.Settings.SelectMany((setting, number) => setting.Rows.Select(row => (Number: number, Row: row)))
        .Select(entry => new Curve(
            entry.Number, entry.Row.Setting, report.NameOf(entry.Row),
            [.. (entry.Row.History?.Epochs ?? []).Where(epoch => !epoch.IsPartial && epoch[figure] is double value && double.IsFinite(value)).Select(epoch => (epoch.Epoch, epoch[figure]!.Value)).OrderBy(point => point.Epoch)]))
        .Where(curve => curve.Points.Count > 0)];
}
