using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Reads the inputs of an operator.</summary>
internal static class OperatorInputs
{
    /// <summary>Why an operator cannot take what it was given; the graph says the operator and the place.</summary>
    public static ArgumentException Unfit(string reason) => new(reason);

    /// <summary>An input that must be there.</summary>
    public static Tensor Needed(this Tensor?[] inputs, int index) =>
        inputs.ElementAtOrDefault(index) ?? throw Unfit($"input {index} is missing.");

    /// <summary>The whole numbers of an input; null where it is left out.</summary>
    public static long[]? Numbers(this Tensor?[] inputs, int index) =>
        inputs.ElementAtOrDefault(index) is Tensor tensor ? [.. tensor.to_type(ScalarType.Int64).data<long>()] : null;
}
