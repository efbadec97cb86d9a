using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>Writes the progress of a study. On a terminal: one live line with all trials under way, below a line for each
/// that is over. In a file: plain lines, one an epoch.</summary>
public sealed class StudyProgressReporter : IProgress<StudyProgress>
{
    private readonly Lock _own = new();
    private readonly SortedDictionary<int, StudyProgress> _underWay = [];
    private readonly TextWriter _writer;
    private readonly bool _live;
    private readonly int _width;
    private int _over;
    private int _liveLength;

    /// <summary>Makes a reporter.</summary>
    /// <param name="writer">Where to write; it is not disposed.</param>
    /// <param name="live">Whether the writer is a terminal that understands a carriage return; default false.</param>
    /// <param name="width">The longest live line, in characters; default 79.</param>
    public StudyProgressReporter(TextWriter writer, bool live = false, int width = 79)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 20);
        (_writer, _live, _width) = (writer, live, width);
    }

    /// <inheritdoc/>
    public void Report(StudyProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_own)
        {
            if (value.Event is TrialEvent.DoneBefore or TrialEvent.Ended or TrialEvent.Paused)
            {
                _underWay.Remove(value.Trial);
                _over += value.Event == TrialEvent.Paused ? 0 : 1;
            }
            else
            {
                _underWay[value.Trial] = value;
            }

            Clear();
            if (Line(value) is string line)
            {
                _writer.WriteLine(line);
            }

            if (_live && _underWay.Count > 0)
            {
                string text = $"{_over} of {value.TrialCount} over {string.Concat(_underWay.Values.Select(Short))}";
                text = text.Length <= _width ? text : text[..(_width - 1)] + "…";
                _writer.Write(text);
                _liveLength = text.Length;
            }

            _writer.Flush();
        }
    }

    private static string Short(StudyProgress trial) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {trial.Trial}: {Math.Max(trial.Epoch, 1)}/{(trial.Epochs == 0 ? "?" : trial.Epochs)} "
                + $"{trial.EpochFraction ?? 0:p0} "
        );

    private string? Line(StudyProgress trial)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"trial {trial.Trial} of {trial.TrialCount}: {new TrialKey(PlainText.Of(trial.Setting), trial.Seed, trial.Fold)}"
        );
        return trial.Event switch
        {
            TrialEvent.DoneBefore => $"{name}: done before",
            TrialEvent.Started when !_live => name,
            TrialEvent.EpochEnd when !_live => string.Create(
                CultureInfo.InvariantCulture,
                $"trial {trial.Trial}: epoch {trial.Epoch}/{trial.Epochs}  {Metrics(trial.Record!)}  "
                    + $"{trial.Record!.Seconds:f1} s"
            ),
            TrialEvent.Paused => string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: waits after epoch {trial.Epoch}  {Metrics(trial.Record!)}"
            ),
            TrialEvent.Ended => $"{name}: {OutcomeOf(trial)}",
            _ => null,
        };
    }

    private static string OutcomeOf(StudyProgress trial) =>
        trial.Outcome switch
        {
            StopReason.Completed => string.Create(
                CultureInfo.InvariantCulture,
                $"{trial.Epoch} epochs  {(trial.Record is null ? "" : Metrics(trial.Record))}"
            ),
            StopReason.Cancelled => string.Create(
                CultureInfo.InvariantCulture,
                $"cancelled in epoch {trial.Epoch}; its state is saved"
            ),
            StopReason.Failed => $"failed: {PlainText.Of(trial.Reason ?? "")}",
            _ => $"stopped: {PlainText.Of(trial.Reason ?? "")}",
        };

    private static string Metrics(EpochRecord record) =>
        string.Join(
            "  ",
            record.Metrics.Select(metric =>
                string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(metric.Key)} {metric.Value:f4}")
            )
        );

    private void Clear()
    {
        if (_liveLength > 0)
        {
            _writer.Write('\r' + new string(' ', _liveLength) + '\r');
            _liveLength = 0;
        }
    }
}
