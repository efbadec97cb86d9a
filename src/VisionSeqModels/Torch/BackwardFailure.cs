using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>What a <see cref="GuardedFunction{TFunction}"/> threw in its backward pass on this thread.</summary>
internal static class BackwardFailure
{
    // Without dimensions: no input of the library's functions can be expanded to it.
    private static readonly Tensor Misfit = NewMisfit();

    [ThreadStatic]
    private static Exception? _last;

    /// <summary>Gradients that libtorch refuses, for inputs of a function; null for those that are no tensor.</summary>
    public static List<Tensor> Refusal(object[] inputs) => [.. inputs.Select(input => input is Tensor ? Misfit : null!)];

    /// <summary>Keeps what the backward pass threw.</summary>
    public static void Keep(Exception failure) => _last = failure;

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
