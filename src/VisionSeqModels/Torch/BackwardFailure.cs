using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>What a <see cref="GuardedFunction{TFunction}"/> threw in its backward pass on this thread.</summary>
internal static class BackwardFailure
{
    // Without dimensions: no input of the library's functions can be expanded to it. Made early: there may be no memory later.
    private static readonly Tensor Misfit = NewMisfit();

    [ThreadStatic]
    private static Exception? _last;

    /// <summary>Makes what a failure needs, while there is memory.</summary>
    public static void Prepare() => _ = Misfit.Handle;

    /// <summary>Keeps the exception.</summary>
    /// <param name="failure">What the backward pass threw.</param>
    /// <param name="isTensor">For each input of the function, whether it is a tensor.</param>
    /// <returns>Gradients that libtorch refuses.</returns>
    public static List<Tensor> Keep(Exception failure, bool[] isTensor)
    {
        _last = failure;
        return [.. isTensor.Select(tensor => tensor ? Misfit : null!)];
    }

    /// <summary>The exception kept last, once; null where there is none.</summary>
    public static Exception? Take()
    {
        var failure = _last;
        _last = null;
        return failure;
    }

    private static Tensor NewMisfit()
    {
        using var scope = NewDisposeScope();
        using var normal = inference_mode(false);
        return zeros([]).DetachFromDisposeScope();
    }
}
