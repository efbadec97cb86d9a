namespace VisionSeqModels.Kernels;

/// <summary>Where the values of one sequence at one step lie. All are of the layer's units, but for gates and shares, which
/// are as long as all gates.</summary>
internal unsafe struct RecurrentRow
{
    /// <summary>Units of the layer, a whole number of vectors.</summary>
    public int Units;

    /// <summary>What the input gave to the gates; after the step the gates.</summary>
    public float* Gate;

    /// <summary>What the state gave to the gates, where it is kept apart.</summary>
    public float* Share;

    /// <summary>The state before; zeros at first.</summary>
    public float* Before;

    /// <summary>The state.</summary>
    public float* State;

    /// <summary>What the kernel keeps besides.</summary>
    public float* Memory;

    /// <summary>The same of the step before; zeros at first.</summary>
    public float* MemoryBefore;

    /// <summary>The state's gradient.</summary>
    public float* Gradient;

    /// <summary>The memory's gradient; zeros at the last step.</summary>
    public float* MemoryGradient;

    /// <summary>Takes the gradient of what the input gave to the gates.</summary>
    public float* FromInput;

    /// <summary>Takes the gradient of what the state gave to the gates, where it is kept apart.</summary>
    public float* FromState;
}
