using System.Globalization;
using Spectre.Console;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Samples;

/// <summary>The last and the best epoch of a run, side by side.</summary>
internal static class ResultTable
{
    public static Table Of(TrainingHistory history, EpochRecord last)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("metric");
        table.AddColumn(new TableColumn($"last (epoch {last.Epoch})").RightAligned());
        table.AddColumn(new TableColumn("best").RightAligned());
        foreach (var (name, value) in last.Metrics)
        {
            var best = history.Best(name, higherIsBetter: !name.Contains("loss", StringComparison.Ordinal));
            table.AddRow(
                Markup.Escape(PlainName(name)),
                Show(value),
                best is null ? "" : $"{Show(best[name]!.Value)} (epoch {best.Epoch})"
            );
        }

        return table;
    }

    /// <summary>Without control characters, which a terminal would obey.</summary>
    private static string PlainName(string name) =>
        string.Concat(
            name.Where(letter => char.GetUnicodeCategory(letter) is not (UnicodeCategory.Control or UnicodeCategory.Format))
        );

    private static string Show(double value) => value.ToString("f4", CultureInfo.InvariantCulture);
}
