using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>The lines of a study's charts.</summary>
internal sealed class StudyCurves
{
    private const int MostSmallCharts = 24;
    private readonly StudySummary _summary;

    public StudyCurves(StudySummary summary)
    {
        _summary = summary;
        string[] first = [summary.File.Monitor, summary.Loss];
        Overlaid =
        [
            .. summary
                .MetricNames.OrderBy(name => first.Contains(name) ? Array.IndexOf(first, name) : first.Length)
                .Select(metric => (Metric: metric, Curves: Of(metric)))
                .Where(chart => chart.Curves.Count > 0),
        ];
        BySetting =
        [
            .. Overlaid
                .Where(chart => first.Contains(chart.Metric))
                .Select(chart => (chart.Metric, Curves: Shown(chart.Curves)))
                .Where(chart => chart.Curves.Count > 0),
        ];
    }

    /// <summary>All metrics that have a line, with the lines of all trials: the study's own first, then the loss beside
    /// it.</summary>
    public IReadOnlyList<(string Metric, IReadOnlyList<Curve> Curves)> Overlaid { get; }

    /// <summary>Those with a small chart for each setting, the study's own and the loss, with the lines of the settings that
    /// have one.</summary>
    public IReadOnlyList<(string Metric, IReadOnlyList<Curve> Curves)> BySetting { get; }

    /// <summary>The title above the small charts: which metric, and of which settings.</summary>
    public string SmallTitle(string metric) =>
        _summary.Settings.Count > MostSmallCharts
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The {MostSmallCharts} best settings of {_summary.Settings.Count:n0}, each by itself: "
                    + $"{DisplayText.Of(metric)} by epoch"
            )
            : $"Each setting by itself: {DisplayText.Of(metric)} by epoch";

    private static IReadOnlyList<Curve> Shown(IReadOnlyList<Curve> curves) =>
        [.. curves.Where(curve => curve.Setting < MostSmallCharts)]; // of many settings the best are first

    /// <summary>A line for each trial that has a finite value of a metric.</summary>
    private IReadOnlyList<Curve> Of(string metric) =>
        [
            .. _summary
                .Settings.SelectMany((setting, number) => setting.Trials.Select(trial => (Number: number, Trial: trial)))
                .Select(entry => new Curve(
                    entry.Number,
                    entry.Trial.Setting,
                    _summary.NameOf(entry.Trial),
                    [
                        .. (entry.Trial.History?.Epochs ?? [])
                            .Where(epoch => !epoch.IsPartial && epoch[metric] is double value && double.IsFinite(value))
                            .Select(epoch => (epoch.Epoch, epoch[metric]!.Value))
                            .OrderBy(point => point.Epoch),
                    ]
                ))
                .Where(curve => curve.Points.Count > 0),
        ];
}

/// <summary>One trial's line in a chart.</summary>
/// <param name="Setting">The number of its setting, which gives colour and dashes.</param>
/// <param name="SettingName">The setting's name.</param>
/// <param name="Name">The line's name.</param>
/// <param name="Points">Epochs and finite values.</param>
internal sealed record Curve(int Setting, string SettingName, string Name, IReadOnlyList<(int Epoch, double Value)> Points)
{
    /// <summary>Every so many-th point, and the last.</summary>
    public Curve Thinned(int step) =>
        step <= 1 ? this : this with { Points = [.. Points.Where((_, i) => i % step == 0 || i == Points.Count - 1)] };
}
