using VisionSeqModels.Core;
using VisionSeqModels.Optimization;
using VisionSeqModels.Runs;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Saves the state of a run at a step's end, and puts it back.</summary>
internal sealed class TrainingStateManager
{
    private const string ModelPrefix = "model.";
    private const string MetricsPrefix = "metrics.";
    private const string OptimizerName = "optimizer";

    private readonly FitContext _context;
    private readonly MetricTotals _totals;
    private readonly CallbackList _callbacks;
    private readonly HostReader _reader;
    private readonly StateFile? _file;
    private long _lastSaved = TimeProvider.System.GetTimestamp();

    public TrainingStateManager(
        FitContext context,
        MetricTotals totals,
        CallbackList callbacks,
        HostReader reader,
        string? runDirectory
    )
    {
        _context = context;
        _totals = totals;
        _callbacks = callbacks;
        _reader = reader;
        if (runDirectory is null)
        {
            return; // a rank that resumes, and leaves the writing to rank 0
        }

        _file = new StateFile(runDirectory);
        CanSave = OptimizerState.Save(context.Optimizer) is not null;
        if (!CanSave)
        {
            LogMessages.NoOptimizerState(context.Logger, context.Options.Optimizer.Name);
        }
    }

    public bool CanSave { get; }

    /// <summary>Whether it is time to save within an epoch.</summary>
    public bool IsDue =>
        CanSave
        && (
            (_context.Options.SaveStateEverySteps is int every && _context.StepInEpoch % every == 0)
            || TimeProvider.System.GetElapsedTime(_lastSaved) >= _context.Options.SaveStateInterval
        );

    /// <summary>Saves after an epoch, unless it ended with NaN or infinity.</summary>
    public void Save(EpochRecord record)
    {
        if (record.IsFinite)
        {
            Save();
        }
    }

    /// <summary>Writes the state to disk.</summary>
    /// <param name="report">Whether to report it to the callbacks.</param>
    public void Save(bool report = true)
    {
        if (!CanSave)
        {
            return;
        }

        using (NewDisposeScope())
        {
            var callbacks = _callbacks.SaveStates(_context);
            _callbacks.FlushLogs(_context);
            _file!.Write(Document(callbacks), _reader.OnCpu(Tensors(callbacks)));
        }

        _lastSaved = TimeProvider.System.GetTimestamp();
        if (report)
        {
            _callbacks.CheckpointSaved(_context, _file!.Last);
        }
    }

    /// <summary>Puts a state back into model, optimizer, sums and record.</summary>
    /// <returns>What belongs to the callbacks; its tensors are the loaded state's.</returns>
    public Dictionary<string, CallbackState> Restore(LoadedState loaded)
    {
        var state = loaded.State;
        _context.Model.CopyWeights(loaded.Tensors(ModelPrefix), loaded.Path);
        OptimizerGroups.Check(state.OptimizerGroups, OptimizerGroups.Of(_context.Optimizer, _context.Model));
        RestoreOptimizerAndTotals(loaded);
        _context.Restore(state);
        return state.Callbacks.ToDictionary(
            entry => entry.Key,
            entry => new CallbackState(new(entry.Value, StringComparer.Ordinal), loaded.Tensors(CallbackPrefix(entry.Key))),
            StringComparer.Ordinal
        );
    }

    /// <summary>The optimizer's bytes are TorchSharp's own, and read by it: whatever it throws at them, they do not
    /// fit.</summary>
    private void RestoreOptimizerAndTotals(LoadedState loaded)
    {
        try
        {
            OptimizerState.Load(_context.Optimizer, loaded.Tensors(OptimizerName)[""].bytes.ToArray(), _context.Device);
            _totals.Load(loaded.Tensors(MetricsPrefix), loaded.State.EpochSamples);
        }
        catch (Exception e)
        {
            throw new InvalidDataException(
                $"The optimizer's state or the sums in '{loaded.Path}' do not fit this run: {LibtorchError.Of(e)} "
                    + "Begin a new run in another folder.",
                e
            );
        }
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Tensors(Dictionary<string, CallbackState> callbacks)
    {
        foreach (var (name, tensor) in _context.Model.state_dict())
        {
            yield return KeyValuePair.Create(ModelPrefix + name, tensor);
        }

        yield return KeyValuePair.Create(OptimizerName, tensor(OptimizerState.Save(_context.Optimizer)!, dtype: ScalarType.Byte));
        foreach (var (name, tensor) in _context.StepInEpoch == 0 ? [] : _totals.Save())
        {
            yield return KeyValuePair.Create(MetricsPrefix + name, tensor);
        }

        foreach (var (key, state) in callbacks)
        {
            foreach (var (name, tensor) in state.Tensors)
            {
                yield return KeyValuePair.Create(CallbackPrefix(key) + name, tensor);
            }
        }
    }

    private TrainingState Document(Dictionary<string, CallbackState> callbacks)
    {
        var history = _context.History;
        return new TrainingState
        {
            Epoch = _context.Epoch,
            StepInEpoch = _context.StepInEpoch,
            Step = _context.Step,
            Seed = history.Seed,
            Threads = history.ThreadCount,
            EpochSamples = _context.StepInEpoch == 0 ? 0 : _totals.SampleCount,
            EpochSeconds = _context.StepInEpoch == 0 ? 0 : _context.EpochSecondsSoFar,
            Seconds = _context.SecondsSoFar,
            StartedAt = history.StartedAt,
            LearningRateScale = _context.LearningRateScale,
            StopMessage = _context.Stop.Request,
            Options = OptionsJson.Of(_context.Options, _context.Train),
            Versions = JsonFormat.Object(TorchRuntime.Describe()),
            OptimizerGroups = OptimizerGroups.Of(_context.Optimizer, _context.Model),
            TrainSource = _context.Train.Name,
            TrainSamples = _context.Train.SampleCount,
            Epochs = history.Epochs,
            Resumes = history.Resumes,
            Callbacks = callbacks.ToDictionary(entry => entry.Key, entry => entry.Value.Values, StringComparer.Ordinal),
        };
    }

    private static string CallbackPrefix(string key) => $"callback.{key}/";
}
