using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static VisionSeqModels.Kernels.ConvolutionKernel;

namespace VisionSeqModels.Kernels;

/// <summary>Interleaves images into the lanes of vectors, and back.</summary>
internal static unsafe class ImageLanes
{
    /// <summary>Interleaves a group's images; lanes without an image are 0.</summary>
    /// <param name="images">The group's first image; the others follow it.</param>
    /// <param name="size">Values of an image.</param>
    /// <param name="count">How many there are, at most <see cref="Lanes"/>.</param>
    /// <param name="lanes">Where <c>[size, lanes]</c> is written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(float* images, int size, int count, float* lanes)
    {
        if (count == 8 && Lanes == 8)
        {
            GatherEight(images, size, lanes);
            return;
        }

        new Span<float>(lanes, size * Lanes).Clear();
        for (int image = 0; image < count; image++)
        {
            float* to = lanes + image;
            for (int i = 0; i < size; i++, to += Lanes, images++)
            {
                *to = *images;
            }
        }
    }

    /// <summary>The inverse of <see cref="Gather"/>; lanes without an image are left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(float* lanes, int size, int count, float* images)
    {
        for (int image = 0; image < count; image++)
        {
            float* from = lanes + image;
            for (int i = 0; i < size; i++, from += Lanes, images++)
            {
                *images = *from;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherEight(float* images, int size, float* lanes)
    {
        float* a = images,
            b = a + size,
            c = b + size,
            d = c + size,
            e = d + size,
            f = e + size,
            g = f + size,
            h = g + size;
        for (int i = 0; i < size; i++, lanes += 8)
        {
            Vector256.Create(a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i]).Store(lanes);
        }
    }
}
