using System.Runtime.ExceptionServices;

namespace VisionSeqModels.Studies;

/// <summary>Trials that were built before their turn, to see what they measure. Several threads may use it.</summary>
internal sealed class BuiltTrials
{
    private readonly Dictionary<TrialKey, Built> _built = [];
    private readonly Lock _own = new();

    /// <summary>Builds one; where that fails, it fails again when the trial's turn has come.</summary>
    /// <returns>The trial, or null.</returns>
    public StudyTrial? Build(TrialKey key, Func<StudyTrial> make)
    {
        Built built;
        try
        {
            built = new Built(make(), null);
        }
        catch (Exception e)
        {
            built = new Built(null, ExceptionDispatchInfo.Capture(e));
        }

        lock (_own)
        {
            _built.Add(key, built);
        }

        return built.Trial;
    }

    /// <summary>The trial, which is the caller's from now on; built now where it was not before.</summary>
    public StudyTrial Take(TrialKey key, Func<StudyTrial> make)
    {
        Built? built;
        lock (_own)
        {
            _built.Remove(key, out built);
        }

        built?.Failure?.Throw();
        return built?.Trial ?? make();
    }

    /// <summary>Disposes the models whose turn has not come.</summary>
    public void Discard()
    {
        lock (_own)
        {
            foreach (var built in _built.Values)
            {
                built.Trial?.Model.Dispose();
            }

            _built.Clear();
        }
    }

    private sealed record Built(StudyTrial? Trial, ExceptionDispatchInfo? Failure);
}
