using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>One tensor of a header; <see cref="Begin"/> and <see cref="End"/> count from the first byte after the
/// header.</summary>
internal sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End)
{
    private static readonly (string Name, ScalarType Type, int Size)[] KnownTypes =
    [
        ("F64", ScalarType.Float64, 8),
        ("F32", ScalarType.Float32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    public static string KnownTypeNames => string.Join(", ", KnownTypes.Select(known => known.Name));

    public static (ScalarType Type, int Size)? TypeOf(string name)
    {
        var known = KnownTypes.FirstOrDefault(known => known.Name == name);
        return known.Name is null ? null : (known.Type, known.Size);
    }

    /// <summary>The name of a dtype in the file, and the number of bytes of an element.</summary>
    public static (string Name, int Size) Describe(ScalarType type)
    {
        var known = KnownTypes.FirstOrDefault(known => known.Type == type);
        return known.Name is not null
            ? (known.Name, known.Size)
            : throw new ArgumentException(
                $"Tensors of dtype {type} cannot be written as safetensors; the format has {KnownTypeNames}. Convert them "
                    + "to one of these first."
            );
    }
}
