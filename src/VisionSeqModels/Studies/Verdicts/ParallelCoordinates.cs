using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>A search as lines across axes: one axis a factor, the last one the metric; one line a setting with a
/// result.</summary>
/// <param name="Axes">For each its name and its ticks: places in 0 to 1, and labels.</param>
/// <param name="Lines">For each setting its name, its place on each axis, and its rank by the metric, the best 0.</param>
internal sealed record ParallelCoordinates(
    IReadOnlyList<(string Name, IReadOnlyList<(double Place, string Label)> Ticks)> Axes,
    IReadOnlyList<(string Setting, IReadOnlyList<double> Places, int Rank)> Lines
)
{
    /// <summary>What a reader sees.</summary>
    public const string Caption = "Each setting a line: its values, and its result. The better, the fuller";

    private const int MostTicks = 7;

    /// <summary>Those of a study; null where fewer than ten settings have a result.</summary>
    public static ParallelCoordinates? Of(StudySummary summary)
    {
        List<SettingSummary> settings = [.. summary.Ranked.Where(setting => setting.HasEnded)];
        if (settings.Count < SearchImportance.LeastSettings)
        {
            return null;
        }

        List<SearchAxis> axes =
        [
            .. summary.Varied.Select(name =>
                SearchAxis.Of(name, [.. settings.Select(setting => GridEffects.ValueOf(setting, name))])
            ),
        ];
        double[] values = [.. settings.Select(setting => setting.Final.Mean!.Value)];
        double least = values.Min(),
            range = values.Max() - least;
        double Place(double value) => range == 0 ? 0.5 : (value - least) / range;
        return new ParallelCoordinates(
            [
                .. axes.Select(axis => (axis.Name, Ticks(axis))),
                (
                    $"final {DisplayText.Of(summary.File.Monitor)}",
                    [.. new[] { least, least + range }.Distinct().Select(value => (Place(value), MetricFormat.Value(value)))]
                ),
            ],
            [
                .. settings.Select(
                    (setting, rank) =>
                        (
                            setting.Name,
                            (IReadOnlyList<double>)
                                [
                                    .. axes.Select(axis => axis.Place(GridEffects.ValueOf(setting, axis.Name))),
                                    Place(values[rank]),
                                ],
                            rank
                        )
                ),
            ]
        );
    }

    /// <summary>How full the line of a rank is, from 0 to 1.</summary>
    public double Fullness(int rank) => Math.Max(0.12, 1 - (1.2 * rank / Lines.Count));

    private static IReadOnlyList<(double, string)> Ticks(SearchAxis axis) =>
        axis.Labels.Count <= MostTicks || !axis.IsOrdered
            ? [.. axis.Labels.Select(label => (axis.Place(label), label))]
            : [(axis.Place(axis.Labels[0]), axis.Labels[0]), (axis.Place(axis.Labels[^1]), axis.Labels[^1])];
}
