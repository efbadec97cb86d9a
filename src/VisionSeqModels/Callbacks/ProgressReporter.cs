using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Reports progress: one live line on a terminal, or a plain line an epoch where the output goes to a
/// file.</summary>
/// <remarks>On a live line the running loss is read from the device about twice a second; plain lines read nothing.</remarks>
public sealed class ProgressReporter : Callback
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    private readonly TextWriter _writer;
    private readonly bool _live;
    private readonly TimeProvider _clock;
    private long _epochBegin;
    private long _lastRefresh;
    private long _samples;
    private int _liveLength;

    /// <summary>Makes a reporter.</summary>
    /// <param name="writer">Where to write; it is not disposed.</param>
    /// <param name="live">Whether the writer is a terminal that understands a carriage return; default false.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    public ProgressReporter(TextWriter writer, bool live = false, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _live = live;
        _clock = clock ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Report;

    /// <inheritdoc/>
    public override void OnEpochStart(EpochStartEvent e)
    {
        _epochBegin = _lastRefresh = _clock.GetTimestamp();
        _samples = 0;
    }

    /// <inheritdoc/>
    public override void OnStepEnd(StepEndEvent e)
    {
        _samples += e.Batch.Count;
        if (_live && _clock.GetElapsedTime(_lastRefresh) >= Refresh)
        {
            WriteLive(LiveText(e));
            _lastRefresh = _clock.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        var record = e.Record;
        var metrics = record.Metrics.Select(metric => $"{PlainText.Of(metric.Key)} {Text(metric.Key, metric.Value)}");
        string partial = record.IsPartial ? " (interrupted)" : "";
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {record.Epoch}/{e.Context.Options.Epochs}{partial}  {string.Join("  ", metrics)}  "
                + $"{record.Seconds:f1} s  {record.SamplesPerSecond:f0} samples/s"
        );
        ClearLive();
        _writer.WriteLine(text);
        _writer.Flush();
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e)
    {
        ClearLive();
        _writer.Flush();
    }

    private string LiveText(StepEndEvent e)
    {
        double seconds = Math.Max(_clock.GetElapsedTime(_epochBegin).TotalSeconds, 1e-9);
        double rate = _samples / seconds;
        string head = string.Create(CultureInfo.InvariantCulture, $"epoch {e.Context.Epoch}/{e.Context.Options.Epochs} ");
        string tail = string.Create(
            CultureInfo.InvariantCulture,
            $"  {rate:f0} samples/s  train_loss {e.Context.ReadTrainLoss():f4}"
        );
        if (e.Context.StepsPerEpoch is not long steps || steps == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{head} step {e.StepInEpoch}{tail}");
        }

        double fraction = Math.Min(1, (double)e.StepInEpoch / steps);
        int filled = (int)(fraction * BarWidth);
        string bar = new string('#', filled) + new string('.', BarWidth - filled);
        double left = seconds * (1 - fraction) / Math.Max(fraction, 1e-9);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{head}[{bar}] {fraction, 4:p0}{tail}  ETA {TimeSpan.FromSeconds(left):mm\\:ss}"
        );
    }

    private void WriteLive(string text)
    {
        _writer.Write('\r' + text.PadRight(_liveLength));
        _writer.Flush();
        _liveLength = text.Length;
    }

    private void ClearLive()
    {
        if (_liveLength > 0)
        {
            _writer.Write('\r' + new string(' ', _liveLength) + '\r');
            _liveLength = 0;
        }
    }

    private static string Text(string name, double value) =>
        value.ToString(name.Contains("accuracy", StringComparison.Ordinal) ? "p2" : "f4", Percent);

    // "61.60%", without the space that the invariant culture puts in.
    private static readonly NumberFormatInfo Percent = new() { PercentPositivePattern = 1, PercentNegativePattern = 1 };
}
