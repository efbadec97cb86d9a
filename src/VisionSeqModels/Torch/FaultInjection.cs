using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Lets a test make a place in the code throw that otherwise throws on a rare machine alone.</summary>
internal static class FaultInjection
{
    /// <summary>Called with the name of each place that this thread passes; null, as always in production, does
    /// nothing.</summary>
    [ThreadStatic]
    public static Action<string>? Hook;

    /// <summary>Gives the kernels of this thread memory of a shape and dtype, whose values may be anything; null, as always in
    /// production, leaves it to libtorch.</summary>
    [ThreadStatic]
    public static Func<long[], ScalarType, Tensor>? Memory;

    public static void Pass(string place) => Hook?.Invoke(place);
}
