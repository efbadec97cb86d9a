using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Optimization;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>The training loop: fit and epoch. A step is <see cref="TrainStep"/>, its end <see cref="StopState"/>.</summary>
internal sealed class FitLoop : IDisposable
{
    private readonly CallbackList _callbacks;
    private readonly HostReader _reader;
    private readonly ModuleModes _modesBefore;
    private readonly Freezer _freezer;
    private readonly FrozenParameters _frozen;
    private readonly MetricTotals _totals;
    private readonly FitContext _context;
    private readonly StopState _stop;
    private readonly StopAgreement _agreement;
    private readonly FitReport _report;
    private readonly EpochMeter _meter;
    private readonly TrainStep _step;
    private readonly StepCount _stepCount;
    private readonly TrainingStateManager? _state;
    private ModuleModes? _modes;

    public FitLoop(
        nn.Module<Tensor, Tensor> model,
        FitData data,
        TrainerOptions options,
        CallbackList callbacks,
        TrainingHistory history,
        ShardRanks ranks,
        ILogger logger
    )
    {
        _callbacks = callbacks;
        _reader = ranks.Reader;
        var device = Devices.Resolve(options.Device);
        _modesBefore = new ModuleModes(model);
        ModelDevice.Move(model, device); // before the optimizer is made: moving replaces parameters
        history.Device = device.ToString();
        _totals = new MetricTotals(options.Loss, options.Metrics, device, _reader);
        _freezer = new Freezer(model, options.Freezing);
        var optimizer = _freezer.CreateOptimizer(options.Optimizer);
        if (optimizer is IFusedSteps steps)
        {
            steps.Fused.Report = reason => LogMessages.NoFusedStep(logger, options.Optimizer.Name, reason);
        }

        var evaluated = callbacks.EvaluatedWeights;
        _context = new FitContext(model, options, data, device, optimizer, history, _totals, logger, evaluated, _freezer)
        {
            Ranks = ranks,
        };
        _frozen = new FrozenParameters(model, optimizer);
        _stop = _context.Stop;
        _agreement = new StopAgreement(_context);
        _report = new FitReport(_context);
        _meter = new EpochMeter(_context, _totals, callbacks);
        _step = new TrainStep(_context, _totals, callbacks);
        _stepCount = new StepCount(_context);
        _state =
            options.RunDirectory is null && ranks.Rank == 0
                ? null
                : new TrainingStateManager(_context, _totals, callbacks, _reader, options.RunDirectory);
    }

    public TrainingHistory Run(Resumption? resumption, CancellationToken cancellationToken)
    {
        Exception? error = null;
        using var pictures = DrawingLog.To(_context.Logger);
        try
        {
            _report.Started();
            Begin(resumption);
            Train(cancellationToken);
            Disposal.ThrowIfDisposed(_context.Model); // in the last hook of all
            _stop.Complete();
        }
        catch (Exception e)
        {
            error = TrainingStepException.WithPosition(e, _context);
            _stop.Fail(error);
        }

        _report.Ended(_reader.Count);
        var failure = _callbacks.FitEnd(_context, error);
        if ((error ?? failure) is Exception first) // a second error never hides the first
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return _context.History;
    }

    public void Dispose()
    {
        _modesBefore.Dispose();
        _freezer.Dispose();
        _totals.Dispose();
        _context.Optimizer.Dispose();
    }

    private void Begin(Resumption? resumption)
    {
        var saved = resumption is null ? null : _state!.Restore(resumption.Loaded);
        resumption?.Log(_context);
        if (resumption is null)
        {
            _state?.Save(report: false);
        }

        _freezer.Begin(Math.Max(1, _context.Epoch));
        _callbacks.FitStart(_context, saved);
    }

    private void Train(CancellationToken cancellationToken)
    {
        if (_context.StepInEpoch > 0) // a resumed run stopped within it
        {
            RunEpoch(cancellationToken);
        }

        while (_context.Epoch < _context.Options.Epochs)
        {
            _agreement.Observe(cancellationToken);
            if (_stop.IsOver)
            {
                return;
            }

            _context.BeginEpoch();
            _totals.Reset();
            RunEpoch(cancellationToken);
        }
    }

    private void RunEpoch(CancellationToken cancellationToken)
    {
        _freezer.Begin(_context.Epoch);
        _callbacks.EpochStart(_context);
        _frozen.Check();
        bool isWhole = TrainEpoch(cancellationToken);
        if (_context.StepInEpoch == 0)
        {
            return; // stopped before its first step: there is nothing to record
        }

        var record = _meter.ReadEpoch(isWhole); // waits for the device
        RankWeights.Check(_context);
        if (record is { IsFinite: true, IsPartial: false })
        {
            _callbacks.EpochTrained(_context);
            record = _meter.Evaluate(record, cancellationToken);
        }

        if (record.IsPartial)
        {
            _state?.Save(record); // before the epoch is recorded: a resumed run continues within it
        }

        _context.History.Add(record);
        _report.EpochDone(record);
        _callbacks.EpochEnd(_context, record);
        _context.StepInEpoch = 0;
        if (!record.IsPartial)
        {
            _state?.Save(record);
        }
    }

    /// <summary>Steps until the epoch has no further batch or the run is over; returns whether its training is whole.</summary>
    private bool TrainEpoch(CancellationToken cancellationToken)
    {
        _modes = ModuleModes.Training(_context.Model, _modes);
        _freezer.SetModes();
        using (var batches = _context.RemainingBatches().GetEnumerator())
        {
            _agreement.Observe(cancellationToken);
            while (!_stop.IsOver && TryStep(batches))
            {
                CollectionPoint.Pass();
                _agreement.Observe(cancellationToken);
            }
        }

        _stepCount.Check(_stop.IsOver);
        return !_stop.IsOver || _context.StepInEpoch == _context.StepsPerEpoch;
    }

    /// <summary>One optimizer step with its callbacks and saved state. False where the epoch has no further batch.</summary>
    private bool TryStep(IEnumerator<Batch> batches)
    {
        using var scope = NewDisposeScope();
        if (_step.Run(batches) is not StepResult result)
        {
            return false;
        }

        _context.Step++;
        _context.StepInEpoch++;
        _callbacks.StepEnd(new StepEndEvent(_context, result, _meter.ReadLog()));
        if (_state is { IsDue: true } && _meter.ReadSums().IsFinite)
        {
            _state.Save();
        }

        return true;
    }
}
