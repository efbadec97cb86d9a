using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Reports progress: one live line on a terminal, or a plain line an epoch where the output goes to a
/// file.</summary>
/// <remarks>The live line is never longer than the terminal is wide. It shows the evaluation too, and the time to the end of
/// the run. The running loss is read from the device about twice a second for it; plain lines read nothing.</remarks>
public sealed class ProgressReporter : Callback, IEvaluationListener
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _clock;
    private readonly LiveLine _line;
    private RemainingTime _remaining;
    private long _epochBegin;
    private long _lastRefresh;
    private long _samples;

    /// <summary>Makes a reporter.</summary>
    /// <param name="writer">Where to write; it is not disposed.</param>
    /// <param name="live">Whether the writer is a terminal that understands a carriage return; default false.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="columns">The columns of the terminal, asked before each live line. Null (default) for those of the
    /// console; then there is no live line where the environment variable <c>TERM</c> is <c>dumb</c>.</param>
    public ProgressReporter(TextWriter writer, bool live = false, TimeProvider? clock = null, Func<int>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _line = new LiveLine(writer, live, columns);
        _clock = clock ?? TimeProvider.System;
        _remaining = new RemainingTime(_clock);
    }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Report;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e) => _remaining = new RemainingTime(_clock);

    /// <inheritdoc/>
    public override void OnEpochStart(EpochStartEvent e)
    {
        _epochBegin = _lastRefresh = _clock.GetTimestamp();
        _samples = 0;
        _remaining.EpochBegins();
    }

    /// <inheritdoc/>
    public override void OnStepEnd(StepEndEvent e)
    {
        if (!_line.IsLive)
        {
            return;
        }

        _samples += e.Batch.Count;
        _remaining.StepEnds();
        if (IsDue())
        {
            double seconds = Math.Max(_clock.GetElapsedTime(_epochBegin).TotalSeconds, 1e-9);
            Show(
                At(e.Context, e.StepInEpoch, e.Context.StepsPerEpoch) with
                {
                    SamplesPerSecond = _samples / seconds,
                    TrainLoss = e.Context.ReadTrainLoss(),
                }
            );
        }
    }

    void IEvaluationListener.OnEvaluationBatch(FitContext context, string role, int batches, long? of)
    {
        if (_line.IsLive && IsDue())
        {
            Show(At(context, batches, of) with { Evaluated = role });
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        var record = e.Record;
        string partial = record.IsPartial ? " (interrupted)" : "";
        _line.WriteLine([
            Text($"epoch {record.Epoch}/{e.Context.Options.Epochs}{partial}"),
            .. record.Metrics.Select(metric => Text($"{PlainText.Of(metric.Key)} {metric.Value:f4}")),
            Text($"{record.Seconds:f1} s"),
            Text($"{record.SamplesPerSecond:f0} samples/s"),
        ]);
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e) => _line.Clear();

    private ProgressLine At(FitContext context, int done, long? of)
    {
        int epochs = context.Options.Epochs;
        long? steps = context.StepsPerEpoch ?? context.History.Epochs.LastOrDefault(epoch => !epoch.IsPartial)?.Steps;
        return new ProgressLine
        {
            Epoch = context.Epoch,
            Epochs = epochs,
            Fraction = of > 0 ? Math.Min(1, (double)done / of.Value) : null,
            Step = done,
            Remaining = _remaining.Of(context.StepInEpoch, steps, epochs - context.Epoch),
        };
    }

    private bool IsDue()
    {
        long now = _clock.GetTimestamp();
        bool isDue = _clock.GetElapsedTime(_lastRefresh, now) >= Refresh;
        _lastRefresh = isDue ? now : _lastRefresh;
        return isDue;
    }

    private void Show(ProgressLine line) => _line.Show(line.Fit(_line.Room));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
