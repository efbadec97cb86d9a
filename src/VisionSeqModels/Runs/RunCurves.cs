using VisionSeqModels.Drawing;

namespace VisionSeqModels.Runs;

/// <summary>The curves of one run: a chart for each metric, with a line for each kind of data.</summary>
internal sealed class RunCurves
{
    private static readonly (string Prefix, string Name)[] Roles =
    [
        ("train", "training"),
        ("test", "test"),
        ("val", "validation"),
    ];
    private readonly List<string> _names;
    private readonly List<CurveChart> _charts;

    public RunCurves(TrainingHistory history)
    {
        var lines = history
            .MetricNames.Select(metric => (Metric: BaseOf(metric), Role: RoleOf(metric), Points: Points(history, metric)))
            .Where(line => line.Points.Count > 0)
            .ToList();
        _names = [.. Roles.Select(role => role.Name).Append("other").Where((_, i) => lines.Exists(line => line.Role == i))];
        _charts =
        [
            .. lines
                .GroupBy(line => line.Metric)
                .Select(group => new CurveChart(
                    group.Key,
                    [.. group.OrderBy(line => line.Role).Select(line => Curve(NameOf(line.Role), line.Points))]
                )),
        ];
    }

    public void AddTo(ReportPage page)
    {
        if (_charts.Count == 0)
        {
            page.Paragraph("No epoch was finished.");
            return;
        }

        new CurvePanel("Data", _names, _charts, []).Large(_charts).AddTo(page);
    }

    private Curve Curve(string name, IReadOnlyList<(int, double)> points) => new(_names.IndexOf(name), name, name, points);

    private static string NameOf(int role) => role < Roles.Length ? Roles[role].Name : "other";

    private static int RoleOf(string metric)
    {
        int role = Array.FindIndex(Roles, each => metric.StartsWith(each.Prefix + "_", StringComparison.Ordinal));
        return role < 0 ? Roles.Length : role;
    }

    private static string BaseOf(string metric) =>
        RoleOf(metric) < Roles.Length ? metric[(metric.IndexOf('_', StringComparison.Ordinal) + 1)..] : metric;

    private static IReadOnlyList<(int, double)> Points(TrainingHistory history, string metric) =>
        [
            .. history
                .Epochs.Where(epoch => !epoch.IsPartial && epoch[metric] is double value && double.IsFinite(value))
                .Select(epoch => (epoch.Epoch, epoch[metric]!.Value)),
        ];
}
