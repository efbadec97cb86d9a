using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class SamplingBoundsTests : IDisposable
{
    private readonly ImageDataset _images = Images();

    public void Dispose() => _images.Dispose();

    [Fact]
    public void WeightsAtTheirBounds_AreSound()
    {
        double[][] sound =
        [
            [1],
            [0, 1e-300],
            [double.MaxValue, 0],
        ];
        Assert.All(sound, weights => Assert.Empty(new WeightedSampling { Weights = weights, SamplesPerEpoch = 1 }.Faults()));
        Assert.Empty(new BalancedSampling().Faults());
        Assert.Empty(new BalancedSampling { SamplesPerEpoch = 1 }.Faults());
    }

    [Fact]
    public void BadWeights_AreToldInOneSentence()
    {
        (double[]?, string)[] bad =
        [
            (null, "a number for each training image, but is null."),
            ([], "a number for each training image, but is empty."),
            ([1, -1e-9, double.NaN], "finite numbers of at least 0 (see index 1), but is -1E-09."),
            ([double.NaN, 1], "finite numbers of at least 0 (see index 0), but is NaN."),
            ([1, 2, double.PositiveInfinity], "finite numbers of at least 0 (see index 2), but is Infinity."),
            ([0, 0], "above 0 for an image at least, but is 0 for all."),
            ([double.MaxValue, double.MaxValue], "numbers of a finite sum, but is of an infinite one."),
        ];
        foreach (var (weights, fault) in bad)
        {
            Assert.Equal([$"Weights must be {fault}"], new WeightedSampling { Weights = weights! }.Faults());
            Assert.Equal(
                ["SamplesPerEpoch must be at least 1, but is 0.", $"Weights must be {fault}"],
                new WeightedSampling { Weights = weights!, SamplesPerEpoch = 0 }.Faults()
            );
        }

        Assert.Equal(["SamplesPerEpoch must be at least 1, but is 0."], new BalancedSampling { SamplesPerEpoch = 0 }.Faults());
    }

    [Fact]
    public void Weights_MustFitTheData()
    {
        var sampling = new WeightedSampling { Weights = [1, 0, 2, 3], Replacement = false };
        Assert.Empty(sampling.FaultsWith(_images));
        Assert.Empty((sampling with { SamplesPerEpoch = 3 }).FaultsWith(_images));
        Assert.Equal(
            ["Sampling.SamplesPerEpoch must be at most the 3 images of weight above 0 without replacement, but is 4."],
            (sampling with { SamplesPerEpoch = 4 }).FaultsWith(_images)
        );
        Assert.Empty((sampling with { SamplesPerEpoch = 4, Replacement = true }).FaultsWith(_images));
        Assert.Equal(
            ["Sampling.Weights must be one for each of the 4 training images of 'x', but is 3."],
            new WeightedSampling { Weights = [1, 2, 3] }.FaultsWith(_images)
        );
        using var points = new TinyData(4);
        Sampling[] each = [sampling, new BalancedSampling()];
        Assert.All(
            each,
            one =>
                Assert.Equal(
                    [
                        $"Sampling must be null where the training data is no IImageSource, but is {one.GetType().Name} for a "
                            + "TinyData: images are drawn by their places.",
                    ],
                    one.FaultsWith(points)
                )
        );
        Assert.Empty(new BalancedSampling().FaultsWith(_images));
    }

    [Fact]
    public void Epoch_HasAsManyImagesAsAreAsked_OrCanBeDrawn()
    {
        var sampling = new WeightedSampling { Weights = [1, 0, 2, 3] };
        Assert.Equal(4, Sampled(sampling).SampleCount);
        Assert.Equal(9, Sampled(sampling with { SamplesPerEpoch = 9 }).SampleCount);
        Assert.Equal(3, Sampled(sampling with { Replacement = false }).SampleCount);
        Assert.Equal(3, Sampled(sampling with { Replacement = false, SamplesPerEpoch = 3 }).SampleCount);
        Assert.Equal(
            "WeightedSampling is to draw 4 training images, but only 3 of the 4 of 'x' can be drawn. Give other weights, or a "
                + "smaller SamplesPerEpoch.",
            Assert.Throws<ArgumentException>(() => Sampled(sampling with { Replacement = false, SamplesPerEpoch = 4 })).Message
        );
        Assert.StartsWith(
            "BalancedSampling is to draw 2 training images, but only 0 of the 2 of 'x' can be drawn.",
            Assert
                .Throws<ArgumentException>(() =>
                    SampledImages.Apply(
                        new FitData { Train = new ImageSubset(_images, [0, 1]) },
                        _images,
                        new BalancedSampling(),
                        ignoreIndex: 0
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Weights_AreThoseOfThePart()
    {
        var part = new ImageSubset(_images, [2, 0]);
        var weighted = new WeightedSampling { Weights = [1, 0, 2, 3] };
        Assert.Equal([2, 1], weighted.WeightsOf(part, _images, null));
        Assert.Equal([1, 0, 2, 3], weighted.WeightsOf(part, part, null));
        Assert.Equal([1, 0, 2, 3], weighted.WeightsOf(_images, _images, null));
        var three = new ImageSubset(_images, [0, 1, 2]);
        Assert.Equal([0.5, 0.5, 1], new BalancedSampling().WeightsOf(three, _images, null));
        Assert.Equal([0, 0, 1], new BalancedSampling().WeightsOf(three, _images, 0));
    }

    [Fact]
    public void WithoutSamplingOrImages_DataStaysAsItIs()
    {
        using var points = new TinyData(4);
        var data = new FitData { Train = _images };
        Assert.Same(data, SampledImages.Apply(data, _images, null, null));
        Assert.Same(data, SampledImages.Apply(data, points, new BalancedSampling(), null));
        var others = new FitData { Train = points };
        Assert.Same(others, SampledImages.Apply(others, _images, new BalancedSampling(), null));
    }

    [Fact]
    public void SampledImages_AreTheImagesOtherwise()
    {
        using var scope = NewDisposeScope();
        var sampled = Sampled(new BalancedSampling());
        Assert.Equal(
            (_images.Name, _images.Count, _images.Channels, _images.Height, _images.Width),
            (sampled.Name, sampled.Count, sampled.Channels, sampled.Height, sampled.Width)
        );
        Assert.Equal(_images.ClassNames, sampled.ClassNames);
        Assert.Same(_images.Normalization, sampled.Normalization);
        Assert.Same(_images.SkippedFiles, sampled.SkippedFiles);
        Assert.True(sampled.SupportsConcurrentReads);
        Assert.Equal((1, null), (sampled.GetLabel(3), sampled.GetFileName(3)));
        TensorAssert.Identical(_images.Pixels[2], sampled.GetPixels(2), "pixels");
        Assert.Throws<ArgumentNullException>("request", () => sampled.Read(null!));
    }

    private SampledImages Sampled(Sampling sampling) =>
        (SampledImages)SampledImages.Apply(new FitData { Train = _images }, _images, sampling, null).Train;

    private static ImageDataset Images()
    {
        using var scope = NewDisposeScope();
        return new ImageDataset(
            "x",
            arange(4 * 4, dtype: ScalarType.Int64).to(ScalarType.Byte).reshape(4, 1, 2, 2),
            tensor(new long[] { 0, 0, 1, 1 }),
            ["a", "b"]
        );
    }
}
