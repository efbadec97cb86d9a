using System.Globalization;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Optimization;
using VisionSeqModels.Runs;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>The training loop: fit, epoch; a step is in <see cref="TrainStep"/>.</summary>
internal sealed class FitLoop : IDisposable
{
    private static int _running; // in this process

    private readonly TrainerOptions _options;
    private readonly CallbackList _callbacks;
    private readonly HostReader _reader = new();
    private readonly ModuleModes _modesBefore;
    private readonly MetricTotals _totals;
    private readonly FitContext _context;
    private readonly TrainStep _step;
    private readonly TrainingStateManager? _state;

    public FitLoop(
        nn.Module<Tensor, Tensor> model,
        FitData data,
        TrainerOptions options,
        CallbackList callbacks,
        TrainingHistory history,
        ILogger logger
    )
    {
        var device = Devices.Resolve(options.Device);
        _options = options;
        _callbacks = callbacks;
        _modesBefore = new ModuleModes(model);
        ModelDevice.Move(model, device); // before the optimizer is made: moving replaces parameters
        history.Device = device.ToString();
        _totals = new MetricTotals(options.Loss, options.Metrics, device, _reader);
        _context = new FitContext(model, options, data, device, options.Optimizer.Create(model), history, _totals, logger);
        var rates = new LearningRates(
            _context.Optimizer,
            options.Schedule,
            new TrainingPlan(options.Epochs, _context.StepsPerEpoch)
        );
        rates.Apply(0, scale: 1); // a schedule that cannot work with this data says so now
        _step = new TrainStep(_context, _totals, rates, callbacks);
        _state = options.RunDirectory is null
            ? null
            : new TrainingStateManager(_context, _totals, callbacks, _reader, options.RunDirectory);
    }

    private TrainingHistory History => _context.History;

    /// <summary>Trains to the end, whatever it is, and tells every callback of it.</summary>
    public TrainingHistory Run(Resumption? resumption, CancellationToken cancellationToken)
    {
        Exception? error = null;
        int running = Interlocked.Increment(ref _running);
        try
        {
            LogMessages.FitStarted(
                _context.Logger,
                _context.Model.GetName(),
                History.Device,
                _context.Train.SampleCount,
                _context.Train.Name,
                _options.Epochs,
                _options.BatchSize,
                History.Seed,
                History.ThreadCount
            );
            if (running > 1 && running * History.ThreadCount > Environment.ProcessorCount)
            {
                LogMessages.MoreThreadsThanCores(_context.Logger, running, History.ThreadCount, Environment.ProcessorCount);
            }

            Begin(resumption);
            while (_context.StepInEpoch > 0 || (_context.Epoch < _options.Epochs && !IsOver(cancellationToken)))
            {
                RunEpoch(cancellationToken);
            }

            if (!IsOver(cancellationToken: default))
            {
                History.StopReason = StopReason.Completed;
            }
        }
        catch (Exception e)
        {
            error = e;
            History.StopReason = StopReason.Failed;
            History.StopMessage = e.Message;
        }

        Interlocked.Decrement(ref _running);
        History.Steps = _context.Step;
        History.Seconds = _context.SecondsSoFar;
        History.HostReads = _reader.Count;
        LogMessages.FitDone(_context.Logger, History.Seconds, History.StopReason.ToString(), History.StopMessage);
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
        _context.Optimizer.Dispose();
    }

    /// <summary>Puts a saved state back, or saves the first one; then starts the callbacks.</summary>
    private void Begin(Resumption? resumption)
    {
        if (resumption is null)
        {
            _state?.Save(tell: false);
            _callbacks.FitStart(_context, saved: null);
            return;
        }

        var saved = _state!.Restore(resumption.Loaded);
        resumption.Log(_context);
        _callbacks.FitStart(_context, saved);
    }

    private void RunEpoch(CancellationToken cancellationToken)
    {
        if (_context.StepInEpoch == 0)
        {
            _context.Epoch++;
            _context.EpochClock.Restart();
            _totals.Reset();
        }

        _callbacks.EpochStart(_context);
        bool whole = TrainEpoch(cancellationToken);
        if (_context.StepInEpoch == 0)
        {
            return; // stopped before its first step: nothing happened that could be recorded
        }

        var record = ReadEpoch(whole); // waits for the device
        bool evaluated = !record.IsFinite || !whole || !EvaluationIsDue() || TryEvaluate(ref record, cancellationToken);
        if (!whole || !evaluated)
        {
            record = record with { IsPartial = true };
            SaveIfFinite(record.IsFinite); // before the broken epoch is recorded: a resumed run goes on within it
        }

        Finish(record);
        _context.StepInEpoch = 0;
        if (!record.IsPartial)
        {
            SaveIfFinite(record.IsFinite);
        }
    }

    /// <summary>Steps until the epoch's data is used up, or until somebody wants the end.</summary>
    /// <returns>Whether the epoch's training is whole.</returns>
    private bool TrainEpoch(CancellationToken cancellationToken)
    {
        _context.Model.train();
        bool broken = false;
        using (var batches = _context.Train.Read(EpochRequest()).GetEnumerator())
        {
            while (!(broken = IsOver(cancellationToken)) && TryStep(batches)) { }
        }

        if (_context.StepInEpoch == 0 && !broken)
        {
            throw new ArgumentException(
                $"The training data '{_context.Train.Name}' gave no batch; with DropLast it needs at least BatchSize samples."
            );
        }

        return !broken || _context.StepInEpoch == _context.StepsPerEpoch;
    }

    /// <summary>One optimizer step and what hangs on it; all its tensors go when it ends. False where the epoch has no
    /// further batch.</summary>
    private bool TryStep(IEnumerator<Batch> batches)
    {
        using var scope = NewDisposeScope();
        if (_step.Run(batches) is not StepResult result)
        {
            return false;
        }

        _context.Step++;
        _context.StepInEpoch++;
        _callbacks.StepEnd(new StepEndEvent(_context, result, ReadLog()));
        if (_state is { IsDue: true } && IsFiniteNow(ReadSums()))
        {
            _state.Save();
        }

        return true;
    }

    private IReadOnlyDictionary<string, double>? ReadLog()
    {
        if (_options.LogEverySteps is not int every || _context.Step % every != 0)
        {
            return null;
        }

        var sums = ReadSums();
        IsFiniteNow(sums);
        return _totals.Window(sums).Figures("train_");
    }

    private EpochRecord ReadEpoch(bool whole)
    {
        var sums = ReadSums();
        double seconds = _context.EpochSecondsSoFar;
        return new EpochRecord
        {
            Epoch = _context.Epoch,
            Metrics = sums.Figures("train_"),
            LearningRate = _context.LearningRate,
            Seconds = seconds,
            SamplesPerSecond = seconds > 0 ? _totals.SampleCount / seconds : 0,
            Steps = _context.StepInEpoch,
            Samples = _totals.SampleCount,
            IsPartial = !whole,
            IsFinite = IsFiniteNow(sums),
        };
    }

    /// <summary>False where the token was cancelled meanwhile: the loop sees it next.</summary>
    private bool TryEvaluate(ref EpochRecord record, CancellationToken cancellationToken)
    {
        var figures = new Dictionary<string, double>(record.Metrics, StringComparer.Ordinal);
        foreach (
            var (role, data) in new[] { ("val", _context.Validation), ("test", _context.Test) }.Where(entry =>
                entry.Item2 is not null
            )
        )
        {
            EvaluationResult result;
            try
            {
                result = new Evaluator(_context.Model, _options, _context.Device, _reader).Evaluate(data!, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            foreach (var (name, value) in result.Metrics)
            {
                figures[$"{role}_{name}"] = value;
            }

            _callbacks.EvaluationEnd(_context, role, result);
        }

        record = record with { Metrics = figures };
        return true;
    }

    private void Finish(EpochRecord record)
    {
        History.Add(record);
        var figures = record.Metrics.Select(metric =>
            string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:g5}")
        );
        LogMessages.EpochDone(_context.Logger, record.Epoch, string.Join(", ", figures));
        _callbacks.EpochEnd(_context, record);
    }

    private MetricSums ReadSums()
    {
        using var scope = NewDisposeScope();
        return _totals.Read(FiniteCheck.Of(_context.Model));
    }

    private bool IsFiniteNow(MetricSums sums)
    {
        bool lossIsFinite = double.IsFinite(sums.MeanLoss);
        if (!lossIsFinite || !sums.AllFinite)
        {
            string what = lossIsFinite
                ? "A weight became NaN or infinite"
                : string.Create(CultureInfo.InvariantCulture, $"The training loss became {sums.MeanLoss}");
            History.StopReason = StopReason.NonFinite;
            History.StopMessage = string.Create(
                CultureInfo.InvariantCulture,
                $"{what} in epoch {_context.Epoch}, by step {_context.Step}. A lower learning rate or "
                    + $"ClipGradientNorm often helps."
            );
        }

        return lossIsFinite && sums.AllFinite;
    }

    private void SaveIfFinite(bool finite)
    {
        if (finite)
        {
            _state?.Save();
        }
    }

    private bool EvaluationIsDue() =>
        (_context.Test ?? _context.Validation) is not null
        && (_context.Epoch % _options.EvaluateEvery == 0 || _context.Epoch == _options.Epochs || _context.StopRequested);

    private bool IsOver(CancellationToken cancellationToken)
    {
        if (History.StopReason == StopReason.Running && _context.StopRequested)
        {
            History.StopReason = StopReason.StoppedEarly;
            History.StopMessage = _context.StopMessage;
        }
        else if (History.StopReason == StopReason.Running && cancellationToken.IsCancellationRequested)
        {
            History.StopReason = StopReason.Cancelled;
        }

        return History.StopReason != StopReason.Running;
    }

    private BatchRequest EpochRequest() =>
        new()
        {
            BatchSize = _options.BatchSize,
            Device = _context.Device,
            Shuffle = _options.Shuffle,
            DropLast = _options.DropLast,
            Seed = History.Seed,
            Epoch = _context.Epoch,
            SkipBatches = _context.StepInEpoch * _options.GradientAccumulationSteps,
        };
}
