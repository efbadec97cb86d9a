using System.Text.Json;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>Reads one tensor's entry of a header, with every number checked.</summary>
internal static class SafetensorsEntryReader
{
    private const int MaximumDimensions = 64; // PyTorch's own limit

    public static SafetensorsEntry Read(string name, JsonElement element)
    {
        if (
            element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out var dtype)
            || dtype.ValueKind != JsonValueKind.String
        )
        {
            throw new FormatException($"tensor '{name}' has no dtype.");
        }

        var (type, size) =
            SafetensorsEntry.TypeOf(dtype.GetString()!)
            ?? throw new FormatException(
                $"tensor '{name}' has the dtype '{dtype.GetString()}', which is none of {SafetensorsEntry.KnownTypeNames}."
            );
        long[] shape = ReadNumbers(name, element, "shape", MaximumDimensions);
        long[] offsets = ReadNumbers(name, element, "data_offsets", 2);
        if (offsets.Length != 2 || offsets[1] < offsets[0])
        {
            throw new FormatException($"tensor '{name}' has the data_offsets {Shape.Of(offsets)} instead of a begin and an end.");
        }

        // libtorch multiplies the sides of an empty tensor too, as if each was at least 1; that product must fit as well.
        long extent = shape.Aggregate((long)size, (product, side) => checked(product * Math.Max(side, 1)));
        long bytes = shape.Contains(0) ? 0 : extent;

        if (bytes != offsets[1] - offsets[0])
        {
            throw new FormatException(
                $"tensor '{name}' of shape {Shape.Of(shape)} and dtype {dtype.GetString()} needs {bytes} bytes, but "
                    + $"its data_offsets {Shape.Of(offsets)} hold {offsets[1] - offsets[0]}."
            );
        }

        return new SafetensorsEntry(name, type, shape, offsets[0], offsets[1]);
    }

    private static long[] ReadNumbers(string name, JsonElement element, string property, int maximum)
    {
        if (
            !element.TryGetProperty(property, out var array)
            || array.ValueKind != JsonValueKind.Array
            || array.GetArrayLength() > maximum
        )
        {
            throw new FormatException($"tensor '{name}' has no list '{property}' of at most {maximum} numbers.");
        }

        long[] numbers = new long[array.GetArrayLength()];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (array[i].ValueKind != JsonValueKind.Number || !array[i].TryGetInt64(out numbers[i]) || numbers[i] < 0)
            {
                throw new FormatException(
                    $"tensor '{name}' has '{array[i]}' in '{property}' where a whole number of at least 0 belongs."
                );
            }
        }

        return numbers;
    }
}
