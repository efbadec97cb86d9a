using System.Globalization;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>A value of an <see cref="OnnxGraph"/>: an input, a constant, or what a node gives.</summary>
public sealed class OnnxValue
{
    internal OnnxValue(string name, IReadOnlyList<Tensor> probes)
    {
        Name = name;
        Probes = probes;
        Shape = [.. probes[0].shape.Zip(probes[^1].shape, (one, other) => one == other ? one : (long?)null)];
        DataType = probes[0].dtype;
    }

    /// <summary>Its name in the file.</summary>
    public string Name { get; }

    /// <summary>Its shape; null where a size depends on the input, as that of the batch.</summary>
    public IReadOnlyList<long?> Shape { get; }

    /// <summary>The dtype of its elements.</summary>
    public ScalarType DataType { get; }

    /// <summary>Its values for two inputs that differ in every size that may differ.</summary>
    internal IReadOnlyList<Tensor> Probes { get; }

    /// <summary>The size of a dimension that must not depend on the input.</summary>
    /// <param name="dimension">From 0, or from −1 backward.</param>
    /// <param name="purpose">What needs the size, for the message.</param>
    /// <exception cref="NotSupportedException">It depends on the input.</exception>
    internal long Size(int dimension, string purpose) =>
        Shape[dimension < 0 ? Shape.Count + dimension : dimension]
        ?? throw new NotSupportedException(
            $"The size of {Text} in dimension {dimension} depends on the input, but {purpose} needs a fixed one. Give "
                + "OnnxOptions.InputShape with DynamicTime = false."
        );

    internal string Text => $"[{string.Join(", ", Shape.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "?"))}]";
}
