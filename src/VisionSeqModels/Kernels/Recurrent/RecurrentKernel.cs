namespace VisionSeqModels.Kernels;

/// <summary>What one kind of recurrent layer does at one step for one sequence, forwards and backwards. Gates lie side by
/// side in PyTorch's order.</summary>
internal abstract unsafe class RecurrentKernel
{
    /// <summary>How many gates there are.</summary>
    public abstract int Gates { get; }

    /// <summary>Whether the state is the one gate, at the same place.</summary>
    public virtual bool StateIsGate => false;

    /// <summary>Whether what the state gives to the gates is kept apart from what the input gives; else both are added up
    /// beforehand.</summary>
    public virtual bool KeepsShareApart => false;

    /// <summary>From what input and state give to the gates to the gates and the next state.</summary>
    public abstract void Step(in RecurrentRow row);

    /// <summary>From the state's gradient to those of what input and state gave to the gates. Where
    /// <see cref="KeepsShareApart"/> is set, the state's gradient is left as what goes straight to the state
    /// before.</summary>
    public abstract void Back(in RecurrentRow row);
}
