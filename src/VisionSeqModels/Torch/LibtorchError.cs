using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>libtorch's message of a failure, without its stack trace.</summary>
internal static class LibtorchError
{
    public static string On(Tensor inputs, Tensor targets, Exception failure) =>
        $"inputs {inputs.dtype} {Shape.Of(inputs)} and targets {targets.dtype} {Shape.Of(targets)}: {Of(failure)}";

    public static string Of(Exception failure)
    {
        string[] lines = failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // of a script the reason comes last
        return lines.Length == 0 ? "" : lines[lines[0].Contains("TorchScript interpreter", StringComparison.Ordinal) ? ^1 : 0];
    }
}
