using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>The lines of a study's charts: for pictures a chart for each metric, for the page training and evaluation together,
/// with means over the seeds.</summary>
internal sealed class StudyCurves
{
    private const int MostSmallCharts = 24;
    private readonly StudySummary _summary;
    private readonly IReadOnlyList<Curve> _own;

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
        string[] names = [.. new[] { PrefixOf(summary.File.Monitor), "train", "test", "val" }.Distinct()];
        Roles = [.. names.Select(RoleText)];
        _own =
        [
            .. Overlaid
                .Where(chart => BaseOf(chart.Metric) == BaseOf(summary.File.Monitor))
                .SelectMany(chart => chart.Curves.Select(curve => curve with { Role = RoleOf(names, chart.Metric) })),
        ];
        string[] order = [BaseOf(summary.File.Monitor), BaseOf(summary.Loss)];
        Charts =
        [
            .. Overlaid
                .GroupBy(chart => BaseOf(chart.Metric))
                .OrderBy(group => order.Contains(group.Key) ? Array.IndexOf(order, group.Key) : order.Length)
                .Select(group => Chart(group.Key, [.. group.Select(chart => (RoleOf(names, chart.Metric), chart.Curves))])),
        ];
        Small =
        [
            .. Charts
                .Where(chart => order.Contains(chart.Metric))
                .Select(chart => chart with { Curves = Shown(chart.Curves) })
                .Where(chart => chart.Curves.Count > 0),
        ];
    }

    /// <summary>The page's large charts, each a metric on all data that it is measured on.</summary>
    public IReadOnlyList<CurveChart> Charts { get; }

    /// <summary>The page's charts of one setting each.</summary>
    public IReadOnlyList<CurveChart> Small { get; }

    /// <summary>What the lines of each <see cref="Curve.Role"/> are measured on.</summary>
    public IReadOnlyList<string> Roles { get; }

    /// <summary>All metrics that have a line, with the lines of all trials: the study's own first, then the loss beside
    /// it.</summary>
    public IReadOnlyList<(string Metric, IReadOnlyList<Curve> Curves)> Overlaid { get; }

    /// <summary>Those with a small chart for each setting, the study's own and the loss, with the lines of the settings that
    /// have one.</summary>
    public IReadOnlyList<(string Metric, IReadOnlyList<Curve> Curves)> BySetting { get; }

    /// <summary>A trial's own lines of the study's metric.</summary>
    /// <param name="name">The trial's name.</param>
    public IEnumerable<Curve> OfTrial(string name) => _own.Where(curve => curve.Name == name);

    /// <summary>The title above the small charts: which metric, and of which settings.</summary>
    public string SmallTitle(string metric) =>
        _summary.Settings.Count > MostSmallCharts
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The {MostSmallCharts} best settings of {_summary.Settings.Count:n0}, each by itself: "
                    + $"{DisplayText.Of(metric)} by epoch"
            )
            : $"Each setting by itself: {DisplayText.Of(metric)} by epoch";

    /// <summary>One chart of a metric's lines: means where a setting has several, then the lines that they are of.</summary>
    private CurveChart Chart(string metric, IReadOnlyList<(int Role, IReadOnlyList<Curve> Curves)> roles)
    {
        int first = roles.Min(role => role.Role);
        var lines = roles.SelectMany(role =>
            role.Curves.Select(curve =>
                curve with
                {
                    Role = role.Role == first ? 0 : role.Role,
                    Name = role.Role == first ? curve.Name : $"{curve.Name}, {Roles[role.Role]}",
                }
            )
        );
        return new CurveChart(
            metric,
            [
                .. lines
                    .GroupBy(line => (line.Setting, line.Role))
                    .OrderBy(group => group.Key)
                    .SelectMany(group => group.Count() == 1 ? [.. group] : WithMean([.. group])),
            ]
        );
    }

    private IReadOnlyList<Curve> WithMean(IReadOnlyList<Curve> lines)
    {
        string of = lines[0].Role == 0 ? "" : $", {Roles[lines[0].Role]}";
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"{lines[0].SettingName}, mean of {lines.Count} {_summary.Repeats}{of}"
        );
        return [Curve.MeanOf(lines, name), .. lines.Select(line => line with { IsPart = true })];
    }

    /// <summary>What a metric's lines are measured on, for a title.</summary>
    public static string DataOf(string metric) => BaseOf(metric) == metric ? "" : RoleText(PrefixOf(metric));

    private static int RoleOf(string[] names, string metric) => Math.Max(0, Array.IndexOf(names, PrefixOf(metric)));

    private static string PrefixOf(string metric) => metric.Split('_')[0];

    /// <summary>A metric without what it is measured on.</summary>
    public static string BaseOf(string metric) =>
        PrefixOf(metric) is "train" or "val" or "test" && metric.Contains('_', StringComparison.Ordinal)
            ? metric[(metric.IndexOf('_', StringComparison.Ordinal) + 1)..]
            : metric;

    private static string RoleText(string prefix) =>
        prefix switch
        {
            "train" => "training",
            "val" => "validation",
            _ => prefix,
        };

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
