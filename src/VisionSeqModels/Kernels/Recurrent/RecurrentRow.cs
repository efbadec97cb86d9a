namespace VisionSeqModels.Kernels;

/// <summary>Pointers to the values of one sequence at one step. Gates and projections have <c>gates × units</c> floats, all
/// others have <c>units</c>.</summary>
internal unsafe struct RecurrentRow
{
    /// <summary>Units of the layer, a whole number of vectors.</summary>
    public int Units;

    /// <summary>In: the input projection, <c>W_ih x + b</c>. Out: the gates.</summary>
    public float* Gate;

    /// <summary>The hidden projection, <c>W_hh h + b_hh</c>, where the kernel separates it; else it is added to
    /// <see cref="Gate"/> beforehand.</summary>
    public float* HiddenProjection;

    /// <summary>The hidden state of the previous step; zeros at the first.</summary>
    public float* PreviousState;

    /// <summary>The hidden state of this step.</summary>
    public float* State;

    /// <summary>One more value a unit that the kernel saves: the LSTM's cell state, the GRU's <c>h_n</c>.</summary>
    public float* Memory;

    /// <summary>The memory of the previous step; zeros at the first.</summary>
    public float* PreviousMemory;

    /// <summary>The gradient of <see cref="State"/>.</summary>
    public float* StateGradient;

    /// <summary>The gradient of <see cref="Memory"/>; zeros at the last step.</summary>
    public float* MemoryGradient;

    /// <summary>Out: the gradient of the input projection.</summary>
    public float* InputProjectionGradient;

    /// <summary>Out: the gradient of the hidden projection, where the kernel separates it.</summary>
    public float* HiddenProjectionGradient;
}
