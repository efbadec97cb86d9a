using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Labelled images of one shape that can be read in batches and looked up one by one.</summary>
/// <remarks>
/// <see cref="ImageDataset"/>, <see cref="MemoryMappedImageDataset"/> and <see cref="ImageSubset"/> implement it. Implement it
/// for images of your own, so that run.json has their shape and classes, a validation split can cut them, and every view can
/// show them: shape, classes, <see cref="GetPixels"/>, <see cref="GetLabel"/> and <see cref="IBatchSource.Read"/>.
/// </remarks>
public interface IImageSource : IBatchSource
{
    /// <summary>The number of images.</summary>
    int Count { get; }

    /// <summary>The number of channels of each image: 3 for colour, 1 for grey.</summary>
    int Channels { get; }

    /// <summary>The height of each image in pixels.</summary>
    int Height { get; }

    /// <summary>The width of each image in pixels.</summary>
    int Width { get; }

    /// <summary>The name of each class, in the order of the labels.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>How bytes become inputs, or null where the inputs are no such function of the bytes.</summary>
    ImageNormalization? Normalization { get; }

    /// <summary>How pictures became these images, so that a model's user can prepare others alike; null, the default, where
    /// that is not known.</summary>
    ImagePreparation? Preparation => null;

    /// <summary>The files that were to be among these images but could not be read; none by default.</summary>
    IReadOnlyList<SkippedFile> SkippedFiles => [];

    /// <summary>Gives the bytes of one image, for pictures.</summary>
    /// <param name="index">Which image, from 0, in stored order.</param>
    /// <returns>The image <c>[channels, height, width]</c>, uint8, on the CPU; it belongs to the current dispose scope, and
    /// must not be changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    Tensor GetPixels(long index);

    /// <summary>Gives the class of one image.</summary>
    /// <param name="index">Which image, from 0, in stored order.</param>
    /// <returns>The position of the class in <see cref="ClassNames"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    int GetLabel(long index);

    /// <summary>Gives the file that one image came from; null, the default, where it came from none.</summary>
    /// <param name="index">Which image, from 0, in stored order.</param>
    /// <returns>The path relative to the folder that was loaded, with slashes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    string? GetFileName(long index) => null;

    /// <summary>Reads one epoch of chosen images, as <see cref="IBatchSource.Read"/> reads one of all.</summary>
    /// <remarks>The default normalises <see cref="GetPixels"/> image by image. A source whose <see cref="Normalization"/> is
    /// null needs its own.</remarks>
    /// <param name="request">Batch size, device, order and where to begin. A shuffled order is one of the chosen images.</param>
    /// <param name="indices">Which images, each from 0 to <see cref="Count"/> − 1, in the order to read them.</param>
    /// <returns>The batches; each belongs to the dispose scope that is current when the enumerator moves to it.</returns>
    /// <exception cref="NotSupportedException">While reading: <see cref="Normalization"/> is null.</exception>
    IEnumerable<Batch> Read(BatchRequest request, IReadOnlyList<long> indices) => ChosenImages.Read(this, request, indices);
}
