using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>What libtorch says of a failure, without the trace of its own functions.</summary>
internal static class LibtorchWords
{
    public static string On(Batch batch, Exception failure) =>
        $"inputs {batch.Inputs.dtype} {Shape.Of(batch.Inputs)} and targets {batch.Targets.dtype} {Shape.Of(batch.Targets)}: {Of(failure)}";

    public static string Of(Exception failure) => failure.Message.Split('\n')[0].Trim();
}
