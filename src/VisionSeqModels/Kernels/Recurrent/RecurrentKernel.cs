namespace VisionSeqModels.Kernels;

/// <summary>The arithmetic of one kind of recurrent layer for one sequence at one step, forward and backward. Gates lie side
/// by side in PyTorch's order.</summary>
internal abstract unsafe class RecurrentKernel
{
    /// <summary>How many gates there are.</summary>
    public abstract int Gates { get; }

    /// <summary>Whether the hidden state is the one gate, in the same memory.</summary>
    public virtual bool StateIsGate => false;

    /// <summary>Whether the kernel needs the hidden projection <c>W_hh h + b_hh</c> apart from the input projection, as the
    /// GRU does; else both are added up beforehand.</summary>
    public virtual bool SeparatesHiddenProjection => false;

    /// <summary>Turns the projections into the gates and the next hidden state.</summary>
    public abstract void Step(in RecurrentRow row);

    /// <summary>Turns the hidden state's gradient into those of the projections. Where
    /// <see cref="SeparatesHiddenProjection"/> is set, <see cref="RecurrentRow.StateGradient"/> is left as the part that goes
    /// directly to the previous hidden state.</summary>
    public abstract void StepBackward(in RecurrentRow row);
}
