using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VisionSeqModels.Kernels;

/// <summary>Resizes the bytes of a picture, antialiased: rows first, then columns, each rounded to a byte. Whole numbers alone
/// are added up, so the result is the same on every processor.</summary>
internal static class ImageResampler
{
    private const int Half = 1 << (ResampleWeights.Precision - 1);
    private const int Most = 255; // thousands of rounded weights may add up to a little more than 1

    /// <summary>Resizes a picture.</summary>
    /// <param name="pixels">Rows of pixels.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="depth">Bytes of a pixel: 1 or 4.</param>
    /// <param name="across">For each wanted column the columns that it is made of.</param>
    /// <param name="down">For each wanted row the rows that it is made of.</param>
    /// <param name="narrow">Room for the rows that are needed, in the new width: at least
    /// <c>(down.End − down.First) · across.Count · depth</c> bytes.</param>
    /// <param name="resized">The result, row after row without gaps.</param>
    public static void Resize(
        ReadOnlySpan<byte> pixels,
        int stride,
        int depth,
        ResampleWeights across,
        ResampleWeights down,
        Span<byte> narrow,
        Span<byte> resized
    )
    {
        int rowBytes = across.Count * depth;
        for (int row = down.First; row < down.End; row++)
        {
            var source = pixels.Slice(row * stride);
            var target = narrow.Slice((row - down.First) * rowBytes, rowBytes);
            if (depth == 4)
            {
                RowOfColors(source, across, target);
            }
            else
            {
                RowOfGreys(source, across, target);
            }
        }

        for (int row = 0; row < down.Count; row++)
        {
            var source = narrow.Slice((down.Begin(row) - down.First) * rowBytes);
            Columns(source, rowBytes, down.Of(row), resized.Slice(row * rowBytes, rowBytes));
        }
    }

    private static void RowOfColors(ReadOnlySpan<byte> row, ResampleWeights across, Span<byte> target)
    {
        var source = MemoryMarshal.Cast<byte, uint>(row);
        var targets = MemoryMarshal.Cast<byte, uint>(target);
        for (int x = 0; x < targets.Length; x++)
        {
            var weights = across.Of(x);
            var colors = source.Slice(across.Begin(x), weights.Length);
            var sum = Vector128.Create(Half);
            for (int i = 0; i < weights.Length; i++)
            {
                var shorts = Vector128.WidenLower(Vector128.CreateScalar(colors[i]).AsByte());
                sum += Vector128.WidenLower(shorts).AsInt32() * weights[i];
            }

            var levels = Vector128.Min(Vector128.ShiftRightArithmetic(sum, ResampleWeights.Precision), Vector128.Create(Most));
            var narrow = Vector128.Narrow(levels, levels).AsUInt16();
            targets[x] = Vector128.Narrow(narrow, narrow).AsUInt32().ToScalar();
        }
    }

    private static void RowOfGreys(ReadOnlySpan<byte> row, ResampleWeights across, Span<byte> target)
    {
        for (int x = 0; x < target.Length; x++)
        {
            var weights = across.Of(x);
            var greys = row.Slice(across.Begin(x), weights.Length);
            int sum = Half;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += greys[i] * weights[i];
            }

            target[x] = Level(sum);
        }
    }

    /// <summary>Adds up rows, sixteen bytes at a time.</summary>
    private static void Columns(ReadOnlySpan<byte> rows, int rowBytes, ReadOnlySpan<int> weights, Span<byte> target)
    {
        ref byte source = ref MemoryMarshal.GetReference(rows);
        int x = 0;
        for (; x <= rowBytes - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var low = Vector256.Create(Half);
            var high = low;
            for (int i = 0; i < weights.Length; i++)
            {
                var shorts = Vector256.WidenLower(
                    Vector128.LoadUnsafe(ref source, (nuint)((i * rowBytes) + x)).ToVector256Unsafe()
                );
                low += Vector256.WidenLower(shorts).AsInt32() * weights[i];
                high += Vector256.WidenUpper(shorts).AsInt32() * weights[i];
            }

            var most = Vector256.Create(Most);
            var levels = Vector256.Narrow(
                Vector256.Min(Vector256.ShiftRightArithmetic(low, ResampleWeights.Precision), most),
                Vector256.Min(Vector256.ShiftRightArithmetic(high, ResampleWeights.Precision), most)
            );
            Vector128.Narrow(levels.GetLower(), levels.GetUpper()).AsByte().CopyTo(target.Slice(x));
        }

        for (; x < rowBytes; x++)
        {
            int sum = Half;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += rows[(i * rowBytes) + x] * weights[i];
            }

            target[x] = Level(sum);
        }
    }

    private static byte Level(int sum) => (byte)Math.Min(sum >> ResampleWeights.Precision, Most);
}
