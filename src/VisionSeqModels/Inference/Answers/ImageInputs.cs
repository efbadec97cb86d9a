using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Makes the inputs of an image model.</summary>
internal static class ImageInputs
{
    /// <summary>Images, normalised as a data set normalises them: <c>[batch, channels, height, width]</c>, float32.</summary>
    public static Tensor Of(byte[] pixels, int count, ImagePreparation preparation, float[] scale, float[] offset)
    {
        var inputs = empty(count, preparation.Channels, preparation.Height, preparation.Width);
        var numbers = TensorMemory.Floats(inputs);
        int bytes = preparation.ByteCount;
        for (int i = 0; i < count; i++)
        {
            PixelKernel.Normalize(pixels.AsSpan(i * bytes, bytes), numbers.Slice(i * bytes, bytes), scale, offset);
        }

        return inputs;
    }

    /// <summary>How pictures are prepared for a model whose data did not say it: by the shape of its images.</summary>
    /// <exception cref="InvalidDataException">The shape is unknown too.</exception>
    public static ImagePreparation PreparationOf(nn.Module model, ModelDescription description, string path) =>
        description.ImageShape is [int channels, int height, int width] ? Preparation(channels, height, width)
        : (model as IConfiguredModel)?.InputShape is [_, long c, long h, long w] ? Preparation((int)c, (int)h, (int)w)
        : throw new InvalidDataException(
            $"'{path}' does not say how large the model's images are: its description has no Preparation. Save the model with "
                + "its data, ModelFile.Save(model, path, data), or with a description that has it."
        );

    private static ImagePreparation Preparation(int channels, int height, int width) =>
        new()
        {
            Channels = channels,
            Height = height,
            Width = width,
        };
}
