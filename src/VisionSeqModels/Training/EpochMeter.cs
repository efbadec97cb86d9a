using VisionSeqModels.Data;
using VisionSeqModels.Runs;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Measures an epoch: reads the sums of training from the device, and evaluates.</summary>
internal sealed class EpochMeter(FitContext context, MetricTotals totals, CallbackList callbacks)
{
    private readonly TrainerOptions _options = context.Options;
    private readonly NonFiniteReport _report = new(context, new FiniteCheck(context.Model));

    /// <summary>Whether this epoch is evaluated.</summary>
    private bool EvaluationIsDue =>
        (context.Test ?? context.Validation) is not null
        && (context.Epoch % _options.EvaluateEveryEpochs == 0 || context.Epoch == _options.Epochs || context.StopRequested);

    /// <summary>Waits for the device and reads the sums; ends the run where the loss, a weight or a buffer is NaN or
    /// infinite.</summary>
    public MetricSums ReadSums()
    {
        using var scope = NewDisposeScope();
        var sums = totals.Read(_report.Flag());
        if (!sums.IsFinite && context.History.StopReason != StopReason.NonFinite)
        {
            context.Stop.NonFinite(_report.Message(sums));
        }

        return sums;
    }

    /// <summary>The mean metrics since the last log, where it is time for one; else null.</summary>
    public IReadOnlyDictionary<string, double>? ReadLog() =>
        _options.LogEverySteps is int every && context.Step % every == 0 ? totals.Window(ReadSums()).ByName("train_") : null;

    /// <summary>The record of the epoch's training.</summary>
    public EpochRecord ReadEpoch(bool isWhole)
    {
        var sums = ReadSums();
        double seconds = context.EpochSecondsSoFar;
        return new EpochRecord
        {
            Epoch = context.Epoch,
            Metrics = sums.ByName("train_"),
            LearningRate = context.LearningRate,
            Seconds = seconds,
            SamplesPerSecond = seconds > 0 ? totals.SampleCount / seconds : 0,
            Steps = context.StepInEpoch,
            Samples = totals.SampleCount,
            IsPartial = !isWhole,
            IsFinite = sums.IsFinite,
        };
    }

    /// <summary>The record with the metrics of the validation and the test data, where it is time for them.</summary>
    /// <returns>Where the token is cancelled meanwhile: the record without them, marked partial.</returns>
    public EpochRecord Evaluate(EpochRecord record, CancellationToken cancellationToken)
    {
        try
        {
            return EvaluationIsDue ? record with { Metrics = WithEvaluations(record, cancellationToken) } : record;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || context.Ranks.IsCancelled)
        {
            return record with { IsPartial = true };
        }
        catch (EvaluationException e)
        {
            throw EvaluationException.Within(record.Epoch, e);
        }
    }

    private Dictionary<string, double> WithEvaluations(EpochRecord record, CancellationToken cancellationToken)
    {
        var metrics = new Dictionary<string, double>(record.Metrics, StringComparer.Ordinal);
        foreach (var (role, result) in Evaluate(cancellationToken))
        {
            Add(metrics, role, "", result);
            callbacks.EvaluationEnd(context, role, result);
        }

        foreach (var weights in callbacks.EvaluatedWeights)
        {
            using var lent = weights.Lend(context.Model);
            foreach (var (role, result) in lent is null ? [] : Evaluate(cancellationToken))
            {
                Add(metrics, role, weights.MetricSuffix!, result);
            }
        }

        return metrics;
    }

    private IEnumerable<(string Role, EvaluationResult Result)> Evaluate(CancellationToken cancellationToken)
    {
        foreach (var (role, data) in new[] { ("val", context.Validation), ("test", context.Test) })
        {
            if (data is not null)
            {
                var evaluator = new Evaluator(context.Model, _options, context.Device, context.Ranks);
                yield return (role, evaluator.Evaluate(data, cancellationToken, Listeners(role, data)));
            }
        }
    }

    /// <summary>Who follows an evaluation, or null where nobody does.</summary>
    private Action<int>? Listeners(string role, IBatchSource data)
    {
        if (!callbacks.FollowEvaluations)
        {
            return null;
        }

        long? batches = data.CountBatches(new BatchRequest { BatchSize = _options.EvaluationBatchSize });
        return done => callbacks.EvaluationBatch(context, role, done, batches);
    }

    private static void Add(Dictionary<string, double> metrics, string role, string suffix, EvaluationResult result)
    {
        foreach (var (name, value) in result.Metrics)
        {
            metrics[$"{role}_{name}{suffix}"] = value;
        }
    }
}
