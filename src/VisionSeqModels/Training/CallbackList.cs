using Microsoft.Extensions.Logging;

namespace VisionSeqModels.Training;

/// <summary>Calls the hooks of all callbacks in their order and names the one that throws.</summary>
internal sealed class CallbackList
{
    private readonly Callback[] _inOrder;
    private readonly Callback[] _stepListeners;
    private readonly List<Callback> _started = [];

    public CallbackList(IEnumerable<Callback> callbacks)
    {
        _inOrder = [.. callbacks.OrderBy(callback => callback.Stage)]; // a stable sort: within a stage as added
        _stepListeners = [.. _inOrder.Where(ListensToSteps)];
    }

    public void FitStart(FitContext context)
    {
        foreach (var callback in _inOrder)
        {
            _started.Add(callback); // also one that fails in its start is told of the end
            Call(callback, nameof(Callback.OnFitStart), context, () => callback.OnFitStart(new FitStartEvent(context)));
        }
    }

    public void EpochStart(FitContext context) => All(
        nameof(Callback.OnEpochStart), context, callback => callback.OnEpochStart(new EpochStartEvent(context)));

    public void EvaluationEnd(FitContext context, EvaluationResult result) => All(
        nameof(Callback.OnEvaluationEnd), context, callback => callback.OnEvaluationEnd(new EvaluationEndEvent(context, result)));

    public void EpochEnd(FitContext context, EpochRecord record) => All(
        nameof(Callback.OnEpochEnd), context, callback => callback.OnEpochEnd(new EpochEndEvent(context, record)));

    // Runs in every step: no closures, and nothing at all where no callback listens.
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

    private static bool ListensToSteps(Callback callback) =>
        callback.GetType().GetMethod(nameof(Callback.OnStepEnd))!.DeclaringType != typeof(Callback);

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
