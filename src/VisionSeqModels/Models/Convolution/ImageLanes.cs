using static VisionSeqModels.Models.ConvolutionKernel;

namespace VisionSeqModels.Models;

/// <summary>Images one after another into lanes side by side, and back.</summary>
internal static unsafe class ImageLanes
{
    /// <summary>Puts a group's images side by side; lanes without an image are 0.</summary>
    /// <param name="images">The group's first.</param>
    /// <param name="size">Values of an image.</param>
    /// <param name="count">How many there are, at most <see cref="Lanes"/>.</param>
    /// <param name="lanes">Takes <c>[size, lanes]</c>.</param>
    public static void Gather(float* images, int size, int count, float* lanes)
    {
        if (count < Lanes)
        {
            new Span<float>(lanes, size * Lanes).Clear();
        }

        for (int i = 0; i < size; i++)
        {
            for (int image = 0; image < count; image++)
            {
                lanes[(i * Lanes) + image] = images[(image * size) + i];
            }
        }
    }

    /// <summary>The way back; lanes without an image are left out.</summary>
    public static void Scatter(float* lanes, int size, int count, float* images)
    {
        for (int image = 0; image < count; image++)
        {
            for (int i = 0; i < size; i++)
            {
                images[(image * size) + i] = lanes[(i * Lanes) + image];
            }
        }
    }
}
