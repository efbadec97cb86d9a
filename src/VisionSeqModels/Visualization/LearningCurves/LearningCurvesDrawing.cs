using System.Globalization;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>One panel for each metric: loss, accuracy, further metrics.</summary>
internal sealed class LearningCurvesDrawing(IReadOnlyDictionary<string, TrainingHistory> histories, LearningCurvesOptions options)
{
    private const int MostColumns = 4;
    private static readonly (string Prefix, string Name, int Dash)[] Roles =
    [
        ("train_", "train", 1),
        ("val_", "validation", 2),
        ("test_", "test", 0),
    ];

    private bool Single => histories.Count == 1;

    public Picture Draw()
    {
        string[] metrics = [.. histories.Values.SelectMany(history => history.MetricNames).Select(NameOf).Distinct()];
        return ChartSheet.Draw(
            [.. metrics.Select(Panel)],
            options.PanelWidth,
            options.Height,
            MostColumns,
            "metrics",
            options.Limit
        );
    }

    private ChartPanel Panel(string metric)
    {
        List<Action<ChartPainter>> items = [];
        List<LegendEntry> legend = [],
            notFinite = [];
        List<double> values = [];
        HashSet<string> roles = [];
        foreach (var (run, (name, history)) in histories.Index())
        {
            var lines = Roles
                .Select((role, i) => (role.Name, Points: Points(history, role.Prefix + metric), Look: LookOf(run, i)))
                .Where(line => line.Points.Epochs.Length > 0)
                .ToList();
            foreach (var line in lines)
            {
                var (epochs, heights) = line.Points;
                items.Add(painter => painter.Line(epochs, heights, line.Look, run));
                items.Add(painter => painter.NotFinite(epochs, heights));
                values.AddRange(heights);
                roles.Add(line.Name);
                notFinite.AddRange(NotFiniteEpochs(Single ? line.Name : $"{name}, {line.Name}", epochs, heights));
            }

            if (Single)
            {
                legend.AddRange(lines.Select(line => LegendEntry.Line(line.Name, line.Look)));
                MarkBest(items, legend, lines, metric);
            }
            else if (lines.Count > 0)
            {
                legend.Add(LegendEntry.Line(name, lines[^1].Look with { Dash = 0 }));
            }
        }

        return new ChartPanel
        {
            Title = Title(metric),
            Notes = Single ? [] : [RoleNote(roles)],
            XTitle = "epoch",
            X = ChartAxis.OfWhole(
                histories.Values.Min(history => history.Epochs[0].Epoch),
                histories.Values.Max(history => history.Epochs[^1].Epoch)
            ),
            Y = ChartAxis.Around(values),
            Items = items,
            Legend = [.. legend, .. notFinite],
        };
    }

    /// <summary>Of one run each role has a colour; of several each run has one, and roles differ in dashes.</summary>
    private ChartLook LookOf(int run, int role) =>
        Single
            ? ChartLook.Of(
                role switch
                {
                    0 => 0,
                    1 => 2,
                    _ => 1,
                }
            )
            : ChartLook.Of(run) with
            {
                Dash = Roles[role].Dash,
            };

    private static void MarkBest(
        List<Action<ChartPainter>> items,
        List<LegendEntry> legend,
        IReadOnlyList<(string Name, (double[] Epochs, double[] Values) Points, ChartLook Look)> lines,
        string metric
    )
    {
        // validation data decides where there is some
        foreach (var line in lines.Where(line => line.Name != "train").Take(1))
        {
            var finite = line.Points.Epochs.Zip(line.Points.Values).Where(point => double.IsFinite(point.Second)).ToList();
            if (finite.Count == 0)
            {
                continue;
            }

            var (epoch, value) = ChartStyle.IsLowerBetter(metric)
                ? finite.MinBy(point => point.Second)
                : finite.MaxBy(point => point.Second);
            var color = ChartInk.Color(line.Look);
            items.Add(painter => painter.Ring(epoch, value, color));
            legend.Add(
                LegendEntry.Ring(
                    string.Create(CultureInfo.InvariantCulture, $"best {line.Name}: {value:0.####} (epoch {epoch:0})"),
                    color
                )
            );
        }
    }

    private static IEnumerable<LegendEntry> NotFiniteEpochs(string name, double[] epochs, double[] values)
    {
        string Epochs(Func<double, bool> kind)
        {
            double[] found = [.. epochs.Where((_, i) => kind(values[i]))];
            string range = string.Create(CultureInfo.InvariantCulture, $"{found[0]}–{found[^1]}");
            return found.Length == 1 ? string.Create(CultureInfo.InvariantCulture, $"epoch {found[0]}")
                : found[^1] - found[0] + 1 == found.Length ? $"epochs {range}"
                : string.Create(CultureInfo.InvariantCulture, $"{found.Length:n0} of the epochs {range}");
        }

        if (values.Any(double.IsNaN))
        {
            yield return LegendEntry.Cross($"{name} is NaN: {Epochs(double.IsNaN)}", ColorMaps.NotANumber);
        }

        if (values.Any(double.IsInfinity))
        {
            yield return LegendEntry.Cross($"{name} is infinite: {Epochs(double.IsInfinity)}", ColorMaps.Infinite);
        }
    }

    private static string RoleNote(HashSet<string> roles) =>
        string.Join(
            ", ",
            new[] { ("test", "solid"), ("validation", "dotted"), ("train", "dashed") }
                .Where(role => roles.Contains(role.Item1))
                .Select(role => $"{role.Item1}: {role.Item2}")
        );

    /// <summary>The epochs that have the metric, and its values, finite or not.</summary>
    private static (double[] Epochs, double[] Values) Points(TrainingHistory history, string metric)
    {
        var points = history.Epochs.Where(epoch => epoch[metric] is not null).ToArray();
        return ([.. points.Select(epoch => (double)epoch.Epoch)], [.. points.Select(epoch => epoch[metric]!.Value)]);
    }

    private static string NameOf(string metric) => metric[(metric.IndexOf('_', StringComparison.Ordinal) + 1)..];

    private static string Title(string metric) => char.ToUpperInvariant(metric[0]) + metric[1..].Replace('_', ' ');
}
