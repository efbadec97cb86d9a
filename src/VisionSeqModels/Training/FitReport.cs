using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Training;

/// <summary>Logs a run's start, epochs and end, and counts the runs of this process.</summary>
internal sealed class FitReport(FitContext context)
{
    private static int _running;

    public void Started()
    {
        var history = context.History;
        int running = Interlocked.Increment(ref _running);
        LogMessages.FitStarted(
            context.Logger,
            context.Model.GetName(),
            history.Device,
            context.Train.SampleCount,
            context.Train.Name,
            context.Options.Epochs,
            context.Options.BatchSize,
            history.Seed,
            history.ThreadCount
        );
        if (running > 1 && running * history.ThreadCount > Environment.ProcessorCount)
        {
            LogMessages.MoreThreadsThanCores(context.Logger, running, history.ThreadCount, Environment.ProcessorCount);
        }
    }

    public void EpochDone(EpochRecord record)
    {
        var metrics = record.Metrics.Select(metric =>
            string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:g5}")
        );
        LogMessages.EpochDone(context.Logger, record.Epoch, string.Join(", ", metrics));
    }

    /// <summary>Completes the record and logs it.</summary>
    public void Ended(long hostReads)
    {
        Interlocked.Decrement(ref _running);
        var history = context.History;
        history.Steps = context.Step;
        history.Seconds = context.SecondsSoFar;
        history.HostReads = hostReads;
        LogMessages.FitDone(context.Logger, history.Seconds, history.StopReason.ToString(), history.StopMessage);
    }
}
