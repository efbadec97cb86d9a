using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>The numbers that ONNX has for dtypes (TensorProto.DataType).</summary>
internal static class OnnxTypes
{
    private static readonly (int Number, ScalarType Type)[] All =
    [
        (1, ScalarType.Float32),
        (2, ScalarType.Byte),
        (6, ScalarType.Int32),
        (7, ScalarType.Int64),
        (9, ScalarType.Bool),
    ];

    public static int Of(ScalarType type) =>
        All.FirstOrDefault(entry => entry.Type == type) is { Number: > 0 } found
            ? found.Number
            : throw new NotSupportedException(
                $"A constant of an ONNX graph must be float32, float64, int64, int32, uint8 or bool, but is {type}."
            );

    public static ScalarType Of(long number) =>
        All.FirstOrDefault(entry => entry.Number == number) is { Number: > 0 } found
            ? found.Type
            : throw new NotSupportedException(
                $"Cast to the type {number} of ONNX is not supported; OnnxGraph knows float (1), uint8 (2), int32 (6), int64 "
                    + "(7) and bool (9)."
            );
}
