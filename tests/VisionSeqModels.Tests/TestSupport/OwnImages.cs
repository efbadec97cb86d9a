using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>A user's own image source: the least that <see cref="IImageSource"/> asks for.</summary>
internal sealed class OwnImages(ImageDataset images) : IImageSource
{
    public string Name => "own";

    public long? SampleCount => images.Count;

    public int Count => images.Count;

    public int Channels => images.Channels;

    public int Height => images.Height;

    public int Width => images.Width;

    public IReadOnlyList<string> ClassNames => images.ClassNames;

    public ImageNormalization? Normalization { get; init; } = images.Normalization;

    public Tensor GetPixels(long index) => images.GetPixels(index);

    public int GetLabel(long index) => images.GetLabel(index);

    public IEnumerable<Batch> Read(BatchRequest request) => images.Read(request);
}
