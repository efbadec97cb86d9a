using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Training;

/// <summary>Calls the hooks of all callbacks in their order and names the one that throws.</summary>
internal sealed class CallbackList
{
    private readonly Callback[] _inOrder;
    private readonly Callback[] _gradientListeners;
    private readonly Callback[] _stepListeners;
    private readonly List<Callback> _started = [];

    public CallbackList(IEnumerable<Callback> callbacks)
    {
        _inOrder = [.. callbacks.OrderBy(callback => callback.Stage)]; // a stable sort: within a stage as added
        _gradientListeners = [.. _inOrder.Where(callback => Overrides(callback, nameof(Callback.OnBeforeOptimizerStep)))];
        _stepListeners = [.. _inOrder.Where(callback => Overrides(callback, nameof(Callback.OnStepEnd)))];
    }

    public string Describe() =>
        string.Concat(_inOrder.Select((callback, i) => $"{i + 1}. {callback.Stage}: {callback.GetType().Name}\n"))
        + $"{nameof(Callback.OnFitEnd)} runs in the reverse order.\n";

    /// <summary>Starts every callback, then gives it back what an earlier run saved of it.</summary>
    public void FitStart(FitContext context, IReadOnlyDictionary<string, CallbackState>? saved)
    {
        foreach (var callback in _inOrder)
        {
            _started.Add(callback); // also one that fails in its start is told of the end
            Call(callback, nameof(Callback.OnFitStart), context, () => callback.OnFitStart(new FitStartEvent(context)));
            if (callback is IStatefulCallback stateful && saved?.GetValueOrDefault(stateful.StateKey) is CallbackState state)
            {
                Call(callback, nameof(IStatefulCallback.LoadState), context, () => stateful.LoadState(state));
            }
        }
    }

    /// <summary>What each callback with memory wants kept.</summary>
    public Dictionary<string, CallbackState> SaveStates(FitContext context)
    {
        var states = new Dictionary<string, CallbackState>(StringComparer.Ordinal);
        foreach (var callback in _started.Where(callback => callback is IStatefulCallback))
        {
            var stateful = (IStatefulCallback)callback;
            var state = new CallbackState();
            Call(
                callback,
                nameof(IStatefulCallback.SaveState),
                context,
                () =>
                {
                    stateful.SaveState(state);
                    if (!states.TryAdd(stateful.StateKey, state))
                    {
                        throw new InvalidOperationException(
                            $"Two callbacks have the StateKey '{stateful.StateKey}'. Give each its own."
                        );
                    }
                }
            );
        }

        return states;
    }

    public void EpochStart(FitContext context) =>
        All(nameof(Callback.OnEpochStart), context, callback => callback.OnEpochStart(new EpochStartEvent(context)));

    public void EvaluationEnd(FitContext context, string role, EvaluationResult result) =>
        All(
            nameof(Callback.OnEvaluationEnd),
            context,
            callback => callback.OnEvaluationEnd(new EvaluationEndEvent(context, role, result))
        );

    public void EpochEnd(FitContext context, EpochRecord record) =>
        All(nameof(Callback.OnEpochEnd), context, callback => callback.OnEpochEnd(new EpochEndEvent(context, record)));

    public void CheckpointSaved(FitContext context, string path) =>
        All(
            nameof(Callback.OnCheckpointSaved),
            context,
            callback => callback.OnCheckpointSaved(new CheckpointSavedEvent(context, path))
        );

    // These two run in every step: no closures, and nothing at all where no callback listens.
    public void BeforeOptimizerStep(FitContext context)
    {
        foreach (var callback in _gradientListeners)
        {
            try
            {
                callback.OnBeforeOptimizerStep(new BeforeOptimizerStepEvent(context));
            }
            catch (Exception inner)
            {
                throw new CallbackException(callback, nameof(Callback.OnBeforeOptimizerStep), context.Epoch, context.Step, inner);
            }
        }
    }

    public void StepEnd(in StepEndEvent e)
    {
        foreach (var callback in _stepListeners)
        {
            try
            {
                callback.OnStepEnd(e);
            }
            catch (Exception inner)
            {
                throw new CallbackException(callback, nameof(Callback.OnStepEnd), e.Context.Epoch, e.Context.Step, inner);
            }
        }
    }

    /// <summary>Tells every callback that was started, in reverse; returns the first failure, and logs the others.</summary>
    public CallbackException? FitEnd(FitContext context, Exception? error)
    {
        CallbackException? first = null;
        for (int i = _started.Count - 1; i >= 0; i--)
        {
            var callback = _started[i];
            try
            {
                Call(callback, nameof(Callback.OnFitEnd), context, () => callback.OnFitEnd(new FitEndEvent(context, error)));
            }
            catch (CallbackException failure)
            {
                first ??= failure;
                LogMessages.FitEndFailed(context.Logger, failure);
            }
        }

        return first;
    }

    private static bool Overrides(Callback callback, string hook) =>
        callback.GetType().GetMethod(hook)!.DeclaringType != typeof(Callback);

    private void All(string hook, FitContext context, Action<Callback> call)
    {
        foreach (var callback in _inOrder)
        {
            Call(callback, hook, context, () => call(callback));
        }
    }

    private static void Call(Callback callback, string hook, FitContext context, Action call)
    {
        try
        {
            call();
        }
        catch (Exception inner)
        {
            throw new CallbackException(callback, hook, context.Epoch, context.Step, inner);
        }
    }
}
