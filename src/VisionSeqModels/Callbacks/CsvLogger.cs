using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Writes a row for each epoch into a CSV file.</summary>
/// <remarks>Columns: <c>epoch</c>, the metrics of training and test data, <c>learning_rate</c>, <c>seconds</c>,
/// <c>samples_per_second</c>. Numbers are written with a point and in full precision whatever the culture; a metric that an
/// epoch lacks is empty. A name with a comma, a quote or a line break stands in quotes (RFC 4180). A name keeps its letters,
/// also one that a spreadsheet takes for a formula (=, +, − or @ at its start). The file is rewritten as a whole after each
/// epoch, so that it is never cut in the middle of a row.</remarks>
public sealed class CsvLogger : Callback
{
    private string _path = "";

    /// <summary>The file; null (default) for <c>metrics.csv</c> in the run directory, or in the current directory where
    /// there is none.</summary>
    public string? Path { get; init; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Persist;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        _path = e.Context.PathOf(Path, "metrics.csv");
        Write(e.Context);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e) => Write(e.Context);

    private void Write(FitContext context)
    {
        string[] header = ["epoch", .. context.MetricNames, "learning_rate", "seconds", "samples_per_second"];
        var rows = context.History.Epochs.Select(epoch => Cells(epoch, context.MetricNames));
        AtomicFile.WriteAllText(_path, string.Concat(rows.Prepend(header).Select(CsvText.Row)));
    }

    private static IEnumerable<string> Cells(EpochRecord epoch, IEnumerable<string> metrics) =>
        [
            epoch.Epoch.ToString(CultureInfo.InvariantCulture),
            .. metrics.Select(metric => epoch[metric] is double value ? Text(value) : ""),
            Text(epoch.LearningRate),
            epoch.Seconds.ToString("f3", CultureInfo.InvariantCulture),
            epoch.SamplesPerSecond.ToString("f1", CultureInfo.InvariantCulture),
        ];

    private static string Text(double value) => value.ToString("r", CultureInfo.InvariantCulture);
}
