using System.Globalization;

namespace VisionSeqModels.Data;

/// <summary>Puts the rows of each sequence in order, and finds what its rows say differently: two at one place, two
/// classes, two values.</summary>
internal static class TableCheck
{
    /// <summary>Sorts; what is wrong is added to the faults.</summary>
    public static void Run(TableReader table, SequenceTableOptions options, TableFaults faults)
    {
        foreach (var series in table.Series)
        {
            series.Sort();
            if (options.Order is not null)
            {
                CheckOrder(series, options, faults);
            }

            if (!options.TargetEachStep && options.Forecast is null)
            {
                CheckTargets(series, table, options, faults);
            }
        }

        if (options.Class is not null && table.Classes.Count == 1)
        {
            faults.Add(
                $"all rows have the {TableFaults.Quote(options.Class)} {TableFaults.Quote(table.Classes[0])}, but a classifier "
                    + "needs at least two classes"
            );
        }
    }

    private static void CheckOrder(TableSeries series, SequenceTableOptions options, TableFaults faults)
    {
        for (int i = 1; i < series.Count; i++)
        {
            if (series.Keys[i] == series.Keys[i - 1])
            {
                faults.Add(
                    series.Lines[i],
                    $"the same {TableFaults.Quote(options.Order!)}{Of(series, options)} as in line {Text(series.Lines[i - 1])}"
                );
            }
        }
    }

    /// <summary>One fault a sequence: the first row that differs from the one before.</summary>
    private static void CheckTargets(TableSeries series, TableReader table, SequenceTableOptions options, TableFaults faults)
    {
        int values = table.Columns.Values.Length;
        for (int i = 1; i < series.Count; i++)
        {
            if (series.Classes[i] != series.Classes[i - 1])
            {
                string Name(int label) => label < 0 ? "missing" : TableFaults.Quote(table.Classes[label]);
                faults.Add(
                    series.Lines[i],
                    $"the {TableFaults.Quote(options.Class!)}{Of(series, options)} is {Name(series.Classes[i])}, but "
                        + $"{Name(series.Classes[i - 1])} in line {Text(series.Lines[i - 1])}"
                );
                return;
            }

            for (int k = 0; k < values; k++)
            {
                var (value, last) = (series.Values[(i * values) + k], series.Values[((i - 1) * values) + k]);
                if (!value.Equals(last))
                {
                    faults.Add(
                        series.Lines[i],
                        FormattableString.Invariant(
                            $"the {TableFaults.Quote(table.Columns.ValueNames[k])}{Of(series, options)} is {value}, but {last} "
                        ) + $"in line {Text(series.Lines[i - 1])}"
                    );
                    return;
                }
            }
        }
    }

    private static string Of(TableSeries series, SequenceTableOptions options) =>
        options.Sequence is null ? "" : $" of {TableFaults.Quote(series.Name)}";

    private static string Text(int line) => line.ToString(CultureInfo.InvariantCulture);
}
