using System.Globalization;
using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Images of which each epoch draws some by their weights. Views see the images as they are.</summary>
internal sealed class SampledImages : IImageSource
{
    private const ulong Purpose = 0x73616D706C65; // keeps these random numbers apart from those of orders and splits

    private readonly IImageSource _images;
    private readonly double[] _weights;
    private readonly WeightTree _tree;
    private readonly bool _mayRepeat;
    private readonly int _perEpoch;

    /// <exception cref="ArgumentException">There are too few images to draw from.</exception>
    private SampledImages(IImageSource images, double[] weights, Sampling sampling)
    {
        _images = images;
        _weights = weights;
        _tree = new WeightTree(weights);
        _mayRepeat = sampling.MayRepeat;
        int drawable = weights.Count(weight => weight > 0);
        _perEpoch = sampling.SamplesPerEpoch ?? (_mayRepeat ? images.Count : drawable);
        if (drawable == 0 || (!_mayRepeat && _perEpoch > drawable))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{sampling.GetType().Name} is to draw {_perEpoch} training images, but only {drawable} of the "
                        + $"{images.Count} of '{images.Name}' can be drawn. Give other weights, or a smaller SamplesPerEpoch."
                )
            );
        }
    }

    public string Name => _images.Name;

    public long? SampleCount => _perEpoch;

    public bool SupportsConcurrentReads => _images.SupportsConcurrentReads;

    public int Count => _images.Count;

    public int Channels => _images.Channels;

    public int Height => _images.Height;

    public int Width => _images.Width;

    public IReadOnlyList<string> ClassNames => _images.ClassNames;

    public ImageNormalization? Normalization => _images.Normalization;

    public ImagePreparation? Preparation => _images.Preparation;

    public IReadOnlyList<SkippedFile> SkippedFiles => _images.SkippedFiles;

    /// <summary>The data with its training part sampled, if that is asked for.</summary>
    /// <param name="data">The data, after a validation split.</param>
    /// <param name="whole">The training data before it.</param>
    /// <param name="sampling">How, or null.</param>
    /// <param name="ignoreIndex">The label that the loss leaves out, or null.</param>
    public static FitData Apply(FitData data, IBatchSource whole, Sampling? sampling, long? ignoreIndex)
    {
        if (sampling is null || whole is not IImageSource all || data.Train is not IImageSource train)
        {
            return data;
        }

        return data with
        {
            Train = new SampledImages(train, sampling.WeightsOf(train, all, ignoreIndex), sampling),
        };
    }

    public Tensor GetPixels(long index) => _images.GetPixels(index);

    public int GetLabel(long index) => _images.GetLabel(index);

    public string? GetFileName(long index) => _images.GetFileName(index);

    public IEnumerable<Batch> Read(BatchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _images.Read(request with { Shuffle = false }, Draw(request.Seed, request.Epoch));
    }

    public IEnumerable<Batch> Read(BatchRequest request, IReadOnlyList<long> indices) => _images.Read(request, indices);

    /// <summary>The places of an epoch's images, in order.</summary>
    internal long[] Draw(long seed, int epoch)
    {
        var random = new SplitMix(SplitMix.Mix(SplitMix.Mix(unchecked((ulong)seed) ^ Purpose) ^ (uint)epoch));
        var tree = _mayRepeat ? _tree : new WeightTree(_weights);
        long[] drawn = new long[_perEpoch];
        for (int i = 0; i < drawn.Length; i++)
        {
            int place = tree.Draw(ref random);
            drawn[i] = place;
            if (!_mayRepeat)
            {
                tree.Remove(place);
            }
        }

        return drawn;
    }
}
