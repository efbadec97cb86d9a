using VisionSeqModels.Core;
using VisionSeqModels.Runs;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Training;

/// <summary>Calls the hooks of all callbacks in their order and names the one that throws.</summary>
internal sealed class CallbackList
{
    private readonly CallbackSlot[] _inOrder;
    private readonly CallbackSlot[] _gradientListeners;
    private readonly CallbackSlot[] _stepListeners;
    private readonly CallbackSlot[] _evaluationListeners;
    private readonly List<CallbackSlot> _started = [];
    private readonly HashSet<(CallbackSlot Slot, string Hook, string Reason)> _warned = [];

    public CallbackList(IEnumerable<Callback> callbacks)
    {
        var ordered = callbacks.OrderBy(callback => callback.Stage).ToList(); // a stable sort: within a stage as added
        _inOrder =
        [
            .. ordered.Select(
                (callback, i) => new CallbackSlot(callback, ordered.Take(i).Count(other => other.GetType() == callback.GetType()))
            ),
        ];
        _gradientListeners = [.. _inOrder.Where(slot => slot.Overrides(nameof(Callback.OnBeforeOptimizerStep)))];
        _stepListeners = [.. _inOrder.Where(slot => slot.Overrides(nameof(Callback.OnStepEnd)))];
        _evaluationListeners = [.. _inOrder.Where(slot => slot.Callback is IEvaluationListener)];
    }

    /// <summary>Whether anyone wants to know how far an evaluation is.</summary>
    public bool FollowEvaluations => _evaluationListeners.Length > 0;

    /// <summary>Those that have weights of their own to evaluate.</summary>
    public IEnumerable<IEvaluatedWeights> EvaluatedWeights =>
        _inOrder.Select(slot => slot.Callback).OfType<IEvaluatedWeights>().Where(weights => weights.MetricSuffix is not null);

    /// <summary>The names of those that run on all ranks, in order.</summary>
    public string OnAllRanks =>
        string.Join(", ", _inOrder.Where(slot => slot.Callback.RunsOnAllRanks).Select(slot => slot.Callback.GetType().FullName));

    public string Describe() =>
        string.Concat(_inOrder.Select((slot, i) => $"{i + 1}. {slot.Callback.Stage}: {slot.Callback.GetType().Name}\n"))
        + $"{nameof(Callback.OnFitEnd)} runs in the reverse order.\n";

    /// <summary>Starts every callback, then gives it back what an earlier run saved of it.</summary>
    public void FitStart(FitContext context, IReadOnlyDictionary<string, CallbackState>? saved)
    {
        foreach (var slot in _inOrder)
        {
            var callback = slot.Callback;
            _started.Add(slot); // one that fails in its start gets its OnFitEnd too
            Call(slot, nameof(Callback.OnFitStart), context, () => callback.OnFitStart(new FitStartEvent(context)));
            if (callback is IStatefulCallback stateful && saved?.GetValueOrDefault(stateful.StateKey) is CallbackState state)
            {
                Call(slot, nameof(IStatefulCallback.LoadState), context, () => stateful.LoadState(state));
            }
        }
    }

    /// <summary>What each callback with memory wants kept.</summary>
    public Dictionary<string, CallbackState> SaveStates(FitContext context)
    {
        var states = new Dictionary<string, CallbackState>(StringComparer.Ordinal);
        foreach (var slot in _started.Where(slot => slot.Callback is IStatefulCallback))
        {
            var stateful = (IStatefulCallback)slot.Callback;
            Call(slot, nameof(IStatefulCallback.SaveState), context, () => SaveState(stateful, states));
        }

        return states;
    }

    public void EpochStart(FitContext context) =>
        All(nameof(Callback.OnEpochStart), context, callback => callback.OnEpochStart(new EpochStartEvent(context)));

    /// <summary>An epoch is trained, and not yet evaluated.</summary>
    public void EpochTrained(FitContext context)
    {
        foreach (var slot in _inOrder)
        {
            if (slot.Callback is IEvaluatedWeights weights)
            {
                Call(slot, nameof(Callback.OnEpochEnd), context, () => weights.OnEpochTrained(context));
            }
        }
    }

    public void EvaluationEnd(FitContext context, string role, EvaluationResult result) =>
        All(
            nameof(Callback.OnEvaluationEnd),
            context,
            callback => callback.OnEvaluationEnd(new EvaluationEndEvent(context, role, result))
        );

    public void EpochEnd(FitContext context, EpochRecord record) =>
        All(nameof(Callback.OnEpochEnd), context, callback => callback.OnEpochEnd(new EpochEndEvent(context, record)));

    /// <summary>Brings to the disk what callbacks have written line by line.</summary>
    public void FlushLogs(FitContext context)
    {
        foreach (var slot in _started)
        {
            if (slot.Callback is IGrowingLog log)
            {
                Call(slot, nameof(IGrowingLog.FlushToDisk), context, log.FlushToDisk);
            }
        }
    }

    public void CheckpointSaved(FitContext context, string path) =>
        All(
            nameof(Callback.OnCheckpointSaved),
            context,
            callback => callback.OnCheckpointSaved(new CheckpointSavedEvent(context, path))
        );

    // These two run in every step: no closures, and nothing at all where no callback listens.
    public void BeforeOptimizerStep(FitContext context)
    {
        foreach (var slot in _gradientListeners)
        {
            try
            {
                using var call = slot.Enter(nameof(Callback.OnBeforeOptimizerStep), context);
                slot.Callback.OnBeforeOptimizerStep(new BeforeOptimizerStepEvent(context));
            }
            catch (Exception inner)
            {
                Failed(slot, nameof(Callback.OnBeforeOptimizerStep), context, inner);
            }
        }
    }

    public void StepEnd(in StepEndEvent e)
    {
        foreach (var slot in _stepListeners)
        {
            try
            {
                using var call = slot.Enter(nameof(Callback.OnStepEnd), e.Context);
                slot.Callback.OnStepEnd(e);
            }
            catch (Exception inner)
            {
                Failed(slot, nameof(Callback.OnStepEnd), e.Context, inner);
            }
        }
    }

    public void EvaluationBatch(FitContext context, string role, int batches, long? of)
    {
        foreach (var slot in _evaluationListeners)
        {
            var listener = (IEvaluationListener)slot.Callback;
            string hook = nameof(IEvaluationListener.OnEvaluationBatch);
            Call(slot, hook, context, () => listener.OnEvaluationBatch(context, role, batches, of));
        }
    }

    /// <summary>Reports the end to every callback that was started, in reverse; returns the first failure, and logs
    /// them all.</summary>
    public CallbackException? FitEnd(FitContext context, Exception? error)
    {
        CallbackException? first = null;
        foreach (var slot in _started.AsEnumerable().Reverse())
        {
            try
            {
                Call(slot, nameof(Callback.OnFitEnd), context, () => slot.Callback.OnFitEnd(new FitEndEvent(context, error)));
            }
            catch (CallbackException failure)
            {
                first ??= failure;
                LogMessages.FitEndFailed(context.Logger, failure);
            }
        }

        return first;
    }

    private static void SaveState(IStatefulCallback callback, Dictionary<string, CallbackState> states)
    {
        var state = new CallbackState();
        callback.SaveState(state);
        if (!states.TryAdd(callback.StateKey, state))
        {
            throw new InvalidOperationException($"Two callbacks have the StateKey '{callback.StateKey}'. Give each its own.");
        }
    }

    private void All(string hook, FitContext context, Action<Callback> call)
    {
        foreach (var slot in _inOrder)
        {
            Call(slot, hook, context, () => call(slot.Callback));
        }
    }

    private void Call(CallbackSlot slot, string hook, FitContext context, Action action)
    {
        try
        {
            using var call = slot.Enter(hook, context);
            action();
        }
        catch (Exception inner)
        {
            Failed(slot, hook, context, inner);
        }
    }

    /// <summary>A report's failure is a warning, once for each reason; any other is thrown.</summary>
    /// <exception cref="CallbackException">The callback does not only report, or the run has not begun.</exception>
    private void Failed(CallbackSlot slot, string hook, FitContext context, Exception inner)
    {
        string reason = Disposal.Explain(inner, context.Model) ?? inner.Message;
        var failure = new CallbackException(slot.Callback, hook, context.Epoch, context.Step, reason, inner);
        if (slot.Callback.Stage != CallbackStage.Report || !IsReport(hook) || inner is OperationCanceledException)
        {
            throw failure;
        }

        if (_warned.Add((slot, hook, reason)))
        {
            context.History.AddWarning(failure.Message);
            LogMessages.ReportFailed(context.Logger, failure.Message, failure);
        }
    }

    private static bool IsReport(string hook) =>
        hook is not (nameof(Callback.OnFitStart) or nameof(IStatefulCallback.SaveState) or nameof(IStatefulCallback.LoadState));
}
