using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Runtime;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>The training loop: fit, epoch, step.</summary>
internal sealed class FitLoop : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly TrainerOptions _options;
    private readonly CallbackList _callbacks;
    private readonly Device _device;
    private readonly ModuleModes _modesBefore;
    private readonly optim.Optimizer _optimizer;
    private readonly MetricTotals _totals;
    private readonly FitContext _context;

    public FitLoop(
        nn.Module<Tensor, Tensor> model, IBatchSource train, IBatchSource? test, TrainerOptions options, CallbackList callbacks, ILogger logger)
    {
        if (options.RunDirectory is not null)
        {
            RunDirectory.Claim(options.RunDirectory);
        }

        _model = model;
        _options = options;
        _callbacks = callbacks;
        _device = Devices.Resolve(options.Device);
        _modesBefore = new ModuleModes(model);
        ModelDevice.Move(model, _device); // before the optimizer is made: moving replaces parameters
        _optimizer = options.Optimizer.Create(model);
        _totals = new MetricTotals(options.Loss, options.Metrics, _device);
        _context = new FitContext(model, options, train, test, _device, _optimizer, NewHistory(), _totals, logger);
    }

    private TrainingHistory History => _context.History;

    public TrainingHistory Run(CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        Exception? error = null;
        try
        {
            LogStart();
            _callbacks.FitStart(_context);
            RunEpochs(cancellationToken);
        }
        catch (Exception e)
        {
            error = e;
            History.StopReason = StopReason.Failed;
            History.StopMessage = e.Message;
        }

        History.Steps = _context.Step;
        History.Seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        LogMessages.FitDone(_context.Logger, History.Seconds, History.StopReason, History.StopMessage);
        var failure = _callbacks.FitEnd(_context, error);
        if ((error ?? failure) is Exception first) // a second error never hides the first
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return History;
    }

    public void Dispose()
    {
        _modesBefore.Dispose();
        _totals.Dispose();
        _optimizer.Dispose();
    }

    private void RunEpochs(CancellationToken cancellationToken)
    {
        while (_context.Epoch < _options.Epochs && !IsOver(cancellationToken))
        {
            _context.Epoch++;
            RunEpoch(cancellationToken);
        }
    }

    private void RunEpoch(CancellationToken cancellationToken)
    {
        _callbacks.EpochStart(_context);
        var record = TrainEpoch(cancellationToken);
        if (record.Steps == 0)
        {
            return; // stopped before its first step: nothing happened that could be recorded
        }

        if (!record.IsPartial && double.IsFinite(record.TrainLoss) && EvaluationIsDue())
        {
            record = WithEvaluation(record, cancellationToken);
        }

        History.Add(record);
        LogEpoch(record);
        if (!double.IsFinite(record.TrainLoss))
        {
            History.StopReason = StopReason.NonFiniteLoss;
            History.StopMessage = string.Create(
                CultureInfo.InvariantCulture, $"The training loss of epoch {record.Epoch} is {record.TrainLoss}. A lower learning rate often helps.");
        }

        _callbacks.EpochEnd(_context, record);
    }

    private EpochRecord TrainEpoch(CancellationToken cancellationToken)
    {
        _totals.Reset();
        _model.train();
        long begin = TimeProvider.System.GetTimestamp();
        int steps = 0;
        bool broken = false;
        using (var batches = _context.Train.Read(EpochRequest()).GetEnumerator())
        {
            while (!(broken = IsOver(cancellationToken)) && TryStep(batches, steps + 1))
            {
                steps++;
            }
        }

        if (steps == 0 && !broken)
        {
            throw new ArgumentException($"The training data '{_context.Train.Name}' gave no batch; with DropLast it needs at least BatchSize samples.");
        }

        var metrics = _totals.Read("train_"); // waits for the device, so the seconds below are those of the work
        double seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        return new EpochRecord
        {
            Epoch = _context.Epoch,
            Metrics = metrics,
            LearningRate = _context.LearningRate,
            Seconds = seconds,
            SamplesPerSecond = seconds > 0 ? _totals.SampleCount / seconds : 0,
            Steps = steps,
            Samples = _totals.SampleCount,
            IsPartial = broken && steps != _context.StepsPerEpoch,
        };
    }

    /// <summary>One optimizer step; all its tensors go when it ends. False where the epoch has no further batch.</summary>
    private bool TryStep(IEnumerator<Batch> batches, int stepInEpoch)
    {
        using var scope = NewDisposeScope();
        if (!batches.MoveNext())
        {
            return false;
        }

        var batch = batches.Current;
        StepSeed.Apply(History.Seed, _context.Epoch, stepInEpoch, _device);
        try
        {
            _optimizer.zero_grad();
            var outputs = _model.call(batch.Inputs);
            var loss = _options.Loss.Compute(outputs, batch.Targets);
            loss.backward();
            _optimizer.step();
            _totals.Add(outputs, batch.Targets, batch.Count, loss);
            _context.Step++;
            _callbacks.StepEnd(new StepEndEvent(_context, stepInEpoch, batch, outputs, loss));
        }
        catch (ExternalException e)
        {
            throw new TrainingStepException(_context.Epoch, stepInEpoch, batch, e);
        }

        return true;
    }

    private EpochRecord WithEvaluation(EpochRecord record, CancellationToken cancellationToken)
    {
        EvaluationResult result;
        try
        {
            result = new Evaluator(_model, _options, _device).Evaluate(_context.Test!, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return record; // the epoch's training is whole; the loop sees the token next
        }

        _callbacks.EvaluationEnd(_context, result);
        var tested = result.Metrics.Select(metric => KeyValuePair.Create("test_" + metric.Key, metric.Value));
        return record with { Metrics = new Dictionary<string, double>(record.Metrics.Concat(tested), StringComparer.Ordinal) };
    }

    private bool EvaluationIsDue() => _context.Test is not null &&
        (_context.Epoch % _options.EvaluateEvery == 0 || _context.Epoch == _options.Epochs || _context.StopRequested);

    private bool IsOver(CancellationToken cancellationToken)
    {
        if (History.StopReason == StopReason.Completed && _context.StopRequested)
        {
            History.StopReason = StopReason.StoppedEarly;
            History.StopMessage = _context.StopMessage;
        }
        else if (History.StopReason == StopReason.Completed && cancellationToken.IsCancellationRequested)
        {
            History.StopReason = StopReason.Cancelled;
        }

        return History.StopReason != StopReason.Completed;
    }

    private BatchRequest EpochRequest() => new()
    {
        BatchSize = _options.BatchSize,
        Device = _device,
        Shuffle = _options.Shuffle,
        DropLast = _options.DropLast,
        Seed = History.Seed,
        Epoch = _context.Epoch,
    };

    private TrainingHistory NewHistory() => new()
    {
        Seed = _options.Seed ?? Random.Shared.NextInt64(),
        Device = _device.ToString(),
        ThreadCount = get_num_threads(),
        RunDirectory = _options.RunDirectory,
    };

    private void LogStart() => LogMessages.FitStarted(
        _context.Logger, _model.GetName(), History.Device, _context.Train.SampleCount, _context.Train.Name, _options.Epochs,
        _options.BatchSize, History.Seed, History.ThreadCount);

    private void LogEpoch(EpochRecord record)
    {
        var figures = record.Metrics.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:g5}"));
        LogMessages.EpochDone(_context.Logger, record.Epoch, string.Join(", ", figures));
    }
}
