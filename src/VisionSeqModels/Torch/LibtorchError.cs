using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>libtorch's message of a failure, without its stack trace.</summary>
internal static class LibtorchError
{
    public static string On(Tensor inputs, Tensor targets, Exception failure) =>
        $"inputs {inputs.dtype} {Shape.Of(inputs)} and targets {targets.dtype} {Shape.Of(targets)}: {Of(failure)}";

    public static string Of(Exception failure) => failure.Message.Split('\n')[0].Trim();
}
