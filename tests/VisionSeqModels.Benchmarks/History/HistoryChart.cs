using System.Globalization;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Benchmarks.History;

/// <summary>Draws the history: a row of charts for each kind of vectors, with a line a model over the measured commits.</summary>
internal static class HistoryChart
{
    private static readonly (string Key, string Title)[] Columns =
    [
        (HistoryResult.ByHand, "Trainer.Fit / by hand"),
        (HistoryResult.Modules, "Trainer.Fit / modules alone"),
        (HistoryResult.PyTorch, "Trainer.Fit / PyTorch"),
    ];

    public static Picture Draw(IReadOnlyList<HistoryEntry> entries, int threads)
    {
        var charts =
            from row in entries
                .Where(entry => entry.Results.Any(result => result.Threads == threads))
                .GroupBy(entry => entry.Vectors)
            from column in Columns
            select Draw([.. row], threads, column.Key, $"{column.Title}, {row.Key}");
        return Picture.Tiled([.. charts], Columns.Length);
    }

    private static Picture Draw(HistoryEntry[] entries, int threads, string key, string title)
    {
        var points =
            from number in Enumerable.Range(0, entries.Length)
            from result in entries[number].Results
            where result.Threads == threads && result.FitBy.ContainsKey(key)
            select (result.Model, Number: number + 1, Ratio: result.FitBy[key][0]);
        LineSeries[] lines =
        [
            .. points
                .GroupBy(point => point.Model)
                .Select(line => new LineSeries
                {
                    Name = line.Key,
                    X = [.. line.Select(point => (double)point.Number)],
                    Y = [.. line.Select(point => point.Ratio)],
                }),
        ];
        if (lines.Length == 0) // PyTorch was not there
        {
            lines =
            [
                new LineSeries
                {
                    Name = "not measured",
                    X = [],
                    Y = [],
                },
            ];
        }

        var options = new LineChartOptions
        {
            Title = title,
            XTitle = Commits(entries),
            Width = 440,
            Height = 280,
        };
        return LineChart.Draw(lines, options);
    }

    /// <summary>The first and the last: more have no place under a small chart.</summary>
    private static string Commits(HistoryEntry[] entries) =>
        entries.Length == 1
            ? $"measured commit: {entries[0].Commit}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"measured commits: {entries[0].Commit} (1) to {entries[^1].Commit} ({entries.Length})"
            );
}
