using System.Runtime.CompilerServices;
using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Studies;

/// <summary>Which trial has which model, optimizer and callback: no two may share one. Several threads may use it.</summary>
internal sealed class TrialObjects
{
    private readonly Lock _own = new();
    private readonly ConditionalWeakTable<object, Owner> _owners = [];
    private TrialKey? _reader;

    /// <summary>Takes what was built for a trial as that trial's own.</summary>
    /// <exception cref="SharedTrialObjectException">Another trial has a part of it, or this one had the model
    /// before.</exception>
    public void Claim(StudyTrial trial, TrialKey key)
    {
        object call = new();
        Claim(trial.Model, key, "the model", call);
        foreach (var (name, module) in trial.Model.named_modules())
        {
            Claim(module, key, $"the module '{name}'", call);
        }

        foreach (var (name, parameter) in trial.Model.named_parameters())
        {
            Claim(parameter, key, $"the parameter '{name}'", call);
        }

        foreach (var callback in trial.Callbacks.Where(HasState))
        {
            Claim(callback, key, $"the callback {callback.GetType().Name}", call: null);
        }

        CheckOptimizer(trial, key);
    }

    /// <summary>Whether an exception is what TorchSharp says of a tensor or module that was disposed, and a trial had its model
    /// before.</summary>
    public bool IsOfDisposed(Exception e) =>
        _owners.Any()
        && (
            e is ObjectDisposedException
            || e.Message.Contains("null tensor", StringComparison.Ordinal)
            || e.Message.Contains("empty handle", StringComparison.Ordinal)
        );

    /// <summary>Takes note that a trial reads the data.</summary>
    /// <param name="key">Which trial.</param>
    /// <param name="data">Its data.</param>
    /// <param name="batchSize">Samples in a batch.</param>
    /// <exception cref="SharedTrialObjectException">Another trial has read it, and nothing is left.</exception>
    public void Read(TrialKey key, FitData data, int batchSize)
    {
        TrialKey? before;
        lock (_own)
        {
            (before, _reader) = (_reader, key);
        }

        if (before is not TrialKey earlier)
        {
            return;
        }

        foreach (var source in new[] { data.Train, data.Validation, data.Test }.OfType<IBatchSource>())
        {
            if (source is not IImageSource && !GivesABatch(source, batchSize))
            {
                throw new SharedTrialObjectException(
                    $"The data '{source.Name}' gives no batch to the trial '{key}', after '{earlier}' has read it: it can be "
                        + "read only once. All trials of a study read the same data. Give data that begins again each time, "
                        + "such as a list or BatchSource.From with a function."
                );
            }
        }
    }

    /// <summary>A user's own options must make an optimizer each time: the one of an ended trial is disposed.</summary>
    private static void CheckOptimizer(StudyTrial trial, TrialKey key)
    {
        var options = trial.Options.Optimizer;
        if (options is null || options.GetType().Assembly == typeof(OptimizerOptions).Assembly)
        {
            return;
        }

        optim.Optimizer first,
            second;
        try
        {
            first = options.Create(trial.Model);
            second = options.Create(trial.Model);
        }
        catch (Exception)
        {
            return; // training reports it
        }

        if (ReferenceEquals(first, second))
        {
            throw new SharedTrialObjectException(
                $"The optimizer of the trial '{key}' is the same each time that {options.GetType().Name} is asked for "
                    + "one. Trials must not share an optimizer, since it moves the weights that it was made for. Make a new one "
                    + "in Create."
            );
        }

        first.Dispose();
        second.Dispose();
    }

    private static bool GivesABatch(IBatchSource source, int batchSize)
    {
        using var scope = NewDisposeScope();
        try
        {
            return source.Read(new BatchRequest { BatchSize = batchSize }).Any();
        }
        catch (Exception)
        {
            return true; // training reports it, with the trial that it belongs to
        }
    }

    /// <summary>The library's own keep the state of their run, and so do those that save it.</summary>
    private static bool HasState(Callback callback) =>
        callback is IStatefulCallback || callback.GetType().Assembly == typeof(Callback).Assembly;

    /// <param name="part">What is claimed.</param>
    /// <param name="key">For which trial.</param>
    /// <param name="what">Its name in the message.</param>
    /// <param name="call">The call of the study's function that built it, where no other call may give it even for the same
    /// trial: a model is disposed when its trial ends.</param>
    private void Claim(object part, TrialKey key, string what, object? call)
    {
        lock (_own)
        {
            if (!_owners.TryGetValue(part, out var owner))
            {
                _owners.Add(part, new Owner(key, call));
            }
            else if (owner.Trial != key || owner.Call != call)
            {
                throw new SharedTrialObjectException(
                    $"The function of the study gave {what} to the trial '{owner.Trial}' and again to '{key}'. Trials must not "
                        + "share a model, an optimizer or a callback with state, since one would continue with what the other "
                        + "left. Build each within the function."
                );
            }
        }
    }

    private sealed record Owner(TrialKey Trial, object? Call);
}
