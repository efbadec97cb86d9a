using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VisionSeqModels.Kernels;

/// <summary>Turns an image's bytes into a network's input, sixteen at a time. It rounds twice (times scale, plus offset), as
/// two operations of libtorch do, and so is bit-equal to them.</summary>
internal static class PixelKernel
{
    /// <summary>Normalises one image.</summary>
    /// <param name="pixels">The image's bytes, channel after channel.</param>
    /// <param name="inputs">Where the results are written, as many as bytes.</param>
    /// <param name="scale">A factor for each channel.</param>
    /// <param name="offset">A summand for each channel.</param>
    public static void Normalize(
        ReadOnlySpan<byte> pixels,
        Span<float> inputs,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> offset
    )
    {
        int size = pixels.Length / scale.Length;
        for (int channel = 0; channel < scale.Length; channel++)
        {
            Normalize(pixels.Slice(channel * size, size), inputs.Slice(channel * size, size), scale[channel], offset[channel]);
        }
    }

    private static void Normalize(ReadOnlySpan<byte> pixels, Span<float> inputs, float scale, float offset)
    {
        ref byte source = ref MemoryMarshal.GetReference(pixels);
        ref float target = ref MemoryMarshal.GetReference(inputs);
        int i = 0;
        for (; i <= pixels.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var shorts = Vector256.WidenLower(Vector128.LoadUnsafe(ref source, (nuint)i).ToVector256Unsafe());
            var numbers = Vector512.ConvertToSingle(Vector512.WidenLower(shorts.ToVector512Unsafe()).AsInt32());
            ((numbers * scale) + Vector512.Create(offset)).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < pixels.Length; i++)
        {
            inputs[i] = (pixels[i] * scale) + offset;
        }
    }
}
