namespace VisionSeqModels.Kernels;

/// <summary>For which sizes an own kernel runs rather than libtorch's operations: where it was measured to be faster
/// (docs/decisions/0030-kernel-rule.md).</summary>
/// <remarks>Without gradients the rule asks for no batch size, so that an answer does not depend on what else is in its
/// batch.</remarks>
internal static class KernelRule
{
    /// <summary>Products of an image beyond which libtorch's convolutions, whose vectors hold channels, are full.</summary>
    public const long MostProducts = 5_000_000;

    /// <summary>In training an image must stand for so many pairs of kernels: the lanes of vectors are images.</summary>
    public const long PairsOfAnImage = 32;

    /// <summary>Units beyond which oneDNN's LSTM is not slower without gradients.</summary>
    public const long MostLstmUnits = 256;

    /// <summary>The same with gradients.</summary>
    public const long MostTrainedLstmUnits = 512;

    /// <summary>In training a sequence must stand for so many pairs of units.</summary>
    public const long PairsOfASequence = 8192;

    /// <summary>Whether to take the own kernel for two convolutions.</summary>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <param name="images">In the batch.</param>
    /// <param name="hasGradients">Whether gradients are recorded.</param>
    public static bool TakesConvolutions(ConvolutionShape first, ConvolutionShape second, long images, bool hasGradients) =>
        hasGradients
            ? (long)second.Kernels * second.Kernels <= PairsOfAnImage * images
            : (first.OutputSize * first.Taps) + (second.OutputSize * second.Taps) <= MostProducts;

    /// <summary>Whether to take the own kernel for a recurrent layer.</summary>
    /// <param name="kernel">The kind of layer; only the LSTM is one operation of libtorch's.</param>
    /// <param name="units">Hidden units.</param>
    /// <param name="sequences">In the batch.</param>
    /// <param name="hasGradients">Whether gradients are recorded.</param>
    public static bool TakesRecurrentLayer(RecurrentKernel kernel, long units, long sequences, bool hasGradients) =>
        kernel is not LstmKernel
        || (
            hasGradients ? units <= MostTrainedLstmUnits && units * units <= PairsOfASequence * sequences : units <= MostLstmUnits
        );
}
