namespace VisionSeqModels.Training;

/// <summary>A callback with memory: what it saves is part of the run's state, so that a resumed run continues as if nothing
/// had happened.</summary>
public interface IStatefulCallback
{
    /// <summary>A name that no other callback of the run has, the same in the run that resumes.</summary>
    string StateKey { get; }

    /// <summary>Writes what must not be lost. It is called between two steps; the tensors handed over are copied.</summary>
    /// <param name="state">Where to.</param>
    void SaveState(CallbackState state);

    /// <summary>Takes it back. It is called right after <see cref="Callback.OnFitStart"/>, which has reset the callback.
    /// Settings come from the callback's own properties, not from the state: a resumed run may have another
    /// patience.</summary>
    /// <param name="state">What <see cref="SaveState"/> wrote.</param>
    void LoadState(CallbackState state);
}
