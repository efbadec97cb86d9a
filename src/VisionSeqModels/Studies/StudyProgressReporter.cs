using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>Writes the progress of a study. On a terminal: one live line with all trials under way, below a line for each
/// that is over. In a file: plain lines, one an epoch.</summary>
/// <remarks>The live line is never longer than the terminal is wide. It shows the time to the end of the study, except with
/// successive halving, which decides later how much is trained.</remarks>
public sealed class StudyProgressReporter : IProgress<StudyProgress>
{
    private readonly Lock _own = new();
    private readonly SortedDictionary<int, StudyProgress> _underWay = [];
    private readonly LiveLine _line;
    private readonly StudyTime _time;
    private int _over;

    /// <summary>Makes a reporter.</summary>
    /// <param name="writer">Where to write; it is not disposed.</param>
    /// <param name="live">Whether the writer is a terminal that understands a carriage return; default false.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="columns">The columns of the terminal, asked before each live line. Null (default) for those of the
    /// console; then there is no live line where the environment variable <c>TERM</c> is <c>dumb</c>.</param>
    public StudyProgressReporter(TextWriter writer, bool live = false, TimeProvider? clock = null, Func<int>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _line = new LiveLine(writer, live, columns);
        _time = new StudyTime(clock ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public void Report(StudyProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_own)
        {
            _time.See(value);
            if (value.Event is TrialEvent.DoneBefore or TrialEvent.Ended or TrialEvent.Paused or TrialEvent.Lost)
            {
                _underWay.Remove(value.Trial);
                _over += value.Event is TrialEvent.Paused or TrialEvent.Lost ? 0 : 1;
            }
            else
            {
                _underWay[value.Trial] = value;
            }

            if (Parts(value) is string[] parts)
            {
                _line.WriteLine(parts);
            }

            if (_line.IsLive && _underWay.Count > 0)
            {
                _line.Show(
                    StudyLine.Fit(_over, value.TrialCount, _time.Remaining(value.TrialCount), _underWay.Values, _line.Room)
                );
            }
        }
    }

    private string[]? Parts(StudyProgress trial)
    {
        string name = Text(
            $"trial {trial.Trial} of {trial.TrialCount}: {new TrialKey(PlainText.Of(trial.Setting), trial.Seed, trial.Fold)}"
        );
        name += trial.Worker is null ? "" : $" ({PlainText.Of(trial.Worker)})";
        return trial.Event switch
        {
            TrialEvent.DoneBefore => [$"{name}: done before"],
            TrialEvent.Started when !_line.IsLive => [name],
            TrialEvent.EpochEnd when !_line.IsLive =>
            [
                Text($"trial {trial.Trial}: epoch {trial.Epoch}/{trial.Epochs}"),
                .. Metrics(trial.Record),
                Text($"{trial.Record!.Seconds:f1} s"),
            ],
            TrialEvent.Paused => [Text($"{name}: waits after epoch {trial.Epoch}"), .. Metrics(trial.Record)],
            TrialEvent.Lost => [$"{name}: taken over by another worker, since this one was late"],
            TrialEvent.Ended when trial.Outcome == StopReason.Completed =>
            [
                $"{name}: {DisplayText.Count(trial.Epoch, "epoch")}",
                .. Metrics(trial.Record),
            ],
            TrialEvent.Ended => [$"{name}: {OutcomeOf(trial)}"],
            _ => null,
        };
    }

    private static string OutcomeOf(StudyProgress trial) =>
        trial.Outcome switch
        {
            StopReason.Cancelled => Text($"cancelled in epoch {trial.Epoch}; its state is saved"),
            StopReason.Failed => $"failed: {PlainText.Of(trial.Reason ?? "")}",
            _ => $"stopped: {PlainText.Of(trial.Reason ?? "")}",
        };

    private static IEnumerable<string> Metrics(EpochRecord? record) =>
        record?.Metrics.Select(metric => Text($"{PlainText.Of(metric.Key)} {metric.Value:f4}")) ?? [];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
