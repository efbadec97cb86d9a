using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>A user's own image source that says its sizes in the wrong order.</summary>
internal sealed class ReversedImages(long[] shape) : IImageSource
{
    public string Name => "reversed";

    public long? SampleCount => shape[0];

    public int Count => (int)shape[0];

    public int Channels => (int)shape[1];

    public int Height => (int)shape[2];

    public int Width => (int)shape[3];

    public IReadOnlyList<string> ClassNames => ["a"];

    public ImageNormalization? Normalization => ImageNormalization.Centered(Channels);

    public Tensor GetPixels(long index) => zeros(shape[1..], dtype: ScalarType.Byte);

    public int GetLabel(long index) => 0;

    public IEnumerable<Batch> Read(BatchRequest request) => [];
}
