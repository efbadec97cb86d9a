namespace VisionSeqModels.Kernels;

/// <summary>How many floats each tensor of a recurrent layer's forward and backward pass has.</summary>
/// <param name="Kernel">The kind of layer.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Time">Steps of a sequence.</param>
/// <param name="Features">Features of a step.</param>
/// <param name="Units">Hidden units.</param>
internal sealed record RecurrentSizes(RecurrentKernel Kernel, long Batch, long Time, long Features, long Units)
{
    private const int RowsAtOnce = 64;

    // floats between rows: at distances of powers of two they would push each other out of the cache
    private const int RowGap = 16;

    /// <summary>Values of all gates of a sequence at a step.</summary>
    public long Gates => Kernel.Gates * Units;

    /// <summary>Features, padded to whole panels.</summary>
    public long PaddedFeatures => (Features + PanelGemm.Panel - 1) / PanelGemm.Panel * PanelGemm.Panel;

    /// <summary>Blocks of sequences; a block is multiplied at once.</summary>
    public long Blocks => (Batch + PanelGemm.Block - 1) / PanelGemm.Block;

    /// <summary>Rows of a step that a thread has at most.</summary>
    public long Rows(int threads) => (Blocks + threads - 1) / threads * PanelGemm.Block;

    /// <summary>Steps whose gradients a thread keeps before it adds them up.</summary>
    public long Slots(int threads) => Math.Max(1, RowsAtOnce / Rows(threads));

    /// <summary>From a sequence's gradients to the next one's.</summary>
    public long GateStride => Gates + RowGap;

    /// <summary>A thread's gradients of projections.</summary>
    public long ProjectionGradients(int threads) =>
        ((Kernel.SeparatesHiddenProjection ? 2 : 1) * Slots(threads) * Rows(threads) * GateStride) + OpenMP.Gap;

    /// <summary>The hidden projections of a step, where the kernel separates them.</summary>
    public long HiddenProjections(int threads) =>
        Kernel.SeparatesHiddenProjection ? (Batch * Gates) + ((long)threads * OpenMP.Gap) : 0;

    /// <summary>The gradients of the hidden states of a step.</summary>
    public long StateGradients(int threads) => (Batch * Units) + ((long)threads * OpenMP.Gap);

    /// <summary>Whether each tensor of both passes has at most <see cref="TensorMemory.MaximumCount"/> floats.</summary>
    public bool Fit(int threads)
    {
        // one after another: the later products stay below 2^63 because the earlier ones are small
        return FitsIn(Gates, Units)
            && FitsIn(Gates, PaddedFeatures)
            && FitsIn(Batch, Time)
            && FitsIn(Batch * Time, Math.Max(Gates, PaddedFeatures))
            && FitsIn(threads, (Gates * Math.Max(Units, PaddedFeatures)) + OpenMP.Gap)
            && FitsIn(threads, ProjectionGradients(threads))
            && FitsIn(1, HiddenProjections(threads))
            && FitsIn(1, StateGradients(threads));
    }

    private static bool FitsIn(long count, long size) => size <= TensorMemory.MaximumCount / count;
}
