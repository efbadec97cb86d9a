using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>The lines of a study's charts.</summary>
internal sealed class StudyCurves
{
    private const int MostSmallCharts = 24;
    private readonly StudyReport _report;

    public StudyCurves(StudyReport report)
    {
        _report = report;
        var study = report.Study;
        string loss = StudyTable.LossOf(study);
        Overlaid =
        [
            .. study
                .Rows.SelectMany(row => row.History?.MetricNames ?? [])
                .Distinct()
                .OrderBy(name =>
                    name == study.Monitor ? 0
                    : name == loss ? 1
                    : 2
                )
                .Select(figure => (Figure: figure, Curves: Of(figure)))
                .Where(chart => chart.Curves.Count > 0),
        ];
        BySetting =
        [
            .. Overlaid
                .Where(chart => chart.Figure == study.Monitor || chart.Figure == loss)
                .Select(chart => (chart.Figure, Curves: Shown(chart.Curves)))
                .Where(chart => chart.Curves.Count > 0),
        ];
    }

    /// <summary>All figures that have a line, with the lines of all trials: the study's own first, then the loss beside
    /// it.</summary>
    public IReadOnlyList<(string Figure, IReadOnlyList<Curve> Curves)> Overlaid { get; }

    /// <summary>Those that are drawn for each setting by itself, the study's own and the loss, with the lines of the
    /// settings that have a chart for themselves.</summary>
    public IReadOnlyList<(string Figure, IReadOnlyList<Curve> Curves)> BySetting { get; }

    /// <summary>Above a chart for each setting by itself: which figure, and of which settings.</summary>
    public string SmallTitle(string figure) =>
        _report.Settings.Count > MostSmallCharts
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The {MostSmallCharts} best settings of {_report.Settings.Count:n0}, each by itself: "
                    + $"{DisplayText.Of(figure)} by epoch"
            )
            : $"Each setting by itself: {DisplayText.Of(figure)} by epoch";

    private static IReadOnlyList<Curve> Shown(IReadOnlyList<Curve> curves) =>
        [.. curves.Where(curve => curve.Setting < MostSmallCharts)]; // of many settings the best are first

    /// <summary>A line for each trial that has a finite value of a figure.</summary>
    private IReadOnlyList<Curve> Of(string figure) =>
        [
            .. _report
                .Settings.SelectMany((setting, number) => setting.Rows.Select(row => (Number: number, Row: row)))
                .Select(entry => new Curve(
                    entry.Number,
                    entry.Row.Setting,
                    _report.NameOf(entry.Row),
                    [
                        .. (entry.Row.History?.Epochs ?? [])
                            .Where(epoch => !epoch.IsPartial && epoch[figure] is double value && double.IsFinite(value))
                            .Select(epoch => (epoch.Epoch, epoch[figure]!.Value))
                            .OrderBy(point => point.Epoch),
                    ]
                ))
                .Where(curve => curve.Points.Count > 0),
        ];
}
