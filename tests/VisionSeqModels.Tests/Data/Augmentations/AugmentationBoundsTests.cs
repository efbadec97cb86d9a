using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Augmentations;

[Collection("Torch")]
public sealed class AugmentationBoundsTests
{
    private static readonly Func<Augmentation>[] All =
    [
        () => new RandomCrop(),
        () => new RandomShift(),
        () => new RandomHorizontalFlip(),
        () => new RandomRotation(),
        () => new RandomScale(),
        () => new RandomAffine(),
        () => new RandomErasing(),
        () => new RandomErasing { Noise = true },
        () => new Cutout(),
        () => new ColorJitter { Normalization = ImageNormalization.Centered(3) },
    ];

    [Fact]
    public void SettingsAtTheirBounds_AreSound()
    {
        var jitter = new ColorJitter
        {
            Normalization = ImageNormalization.Mnist,
            Brightness = 0,
            Contrast = 0,
            Saturation = 0,
            Hue = 0,
        };
        Augmentation[] sound =
        [
            new RandomCrop { Padding = 0 },
            new RandomShift { Horizontal = 0, Vertical = 0 },
            new RandomHorizontalFlip { Probability = 0 },
            new RandomHorizontalFlip { Probability = 1 },
            new RandomRotation { Degrees = 0 },
            new RandomScale { MinScale = 1, MaxScale = 1 },
            new RandomScale { MinScale = 1e-9, MaxScale = 2e-9 },
            new RandomAffine { Degrees = 0, Translation = 0 },
            new RandomAffine { Translation = 1 },
            new RandomErasing { Probability = 0 },
            new RandomErasing
            {
                Probability = 1,
                MinArea = 1,
                MaxArea = 1,
            },
            new RandomErasing { MinArea = 0.3, MaxArea = 0.3 },
            new RandomErasing { MinRatio = 2, MaxRatio = 2 },
            new Cutout { Size = 1 },
            jitter,
            new ColorJitter { Normalization = ImageNormalization.Mnist, Hue = 0.5 },
            new MixUp { ClassCount = 2, Probability = 0 },
            new MixUp { ClassCount = 2, Probability = 1 },
            new CutMix { ClassCount = 2, Probability = 0 },
            new CutMix { ClassCount = 2, Probability = 1 },
        ];
        Assert.All(sound, augmentation => Assert.Empty(OptionsCatalog.Faults(augmentation)));
    }

    [Fact]
    public void SettingsJustBeyond_AreFaults()
    {
        const double below = -1e-12;
        const double above = 1 + 1e-12;
        (Augmentation, string)[] bad =
        [
            (new RandomHorizontalFlip { Probability = below }, "Probability"),
            (new RandomHorizontalFlip { Probability = above }, "Probability"),
            (new RandomHorizontalFlip { Probability = double.NaN }, "Probability"),
            (new RandomRotation { Degrees = below }, "Degrees"),
            (new RandomRotation { Degrees = double.PositiveInfinity }, "Degrees"),
            (new RandomScale { MinScale = 1, MaxScale = 1 - 1e-12 }, "MaxScale"),
            (new RandomScale { MaxScale = double.PositiveInfinity }, "MaxScale"),
            (new RandomScale { MaxScale = double.NaN }, "MaxScale"),
            (new RandomAffine { Translation = below }, "Translation"),
            (new RandomAffine { Translation = above }, "Translation"),
            (new RandomErasing { Probability = below }, "Probability"),
            (new RandomErasing { Probability = above }, "Probability"),
            (new RandomErasing { MaxArea = above }, "MaxArea"),
            (new RandomErasing { MinArea = 0.3, MaxArea = 0.3 - 1e-12 }, "MaxArea"),
            (new RandomErasing { MinRatio = 2, MaxRatio = 2 - 1e-12 }, "MaxRatio"),
            (new RandomErasing { MaxRatio = double.PositiveInfinity }, "MaxRatio"),
            (new RandomErasing { MaxRatio = double.NaN }, "MaxRatio"),
            (new ColorJitter { Normalization = ImageNormalization.Mnist, Hue = below }, "Hue"),
            (new ColorJitter { Normalization = ImageNormalization.Mnist, Hue = 0.5 + 1e-12 }, "Hue"),
            (new MixUp { ClassCount = 2, Probability = below }, "Probability"),
            (new MixUp { ClassCount = 2, Probability = above }, "Probability"),
            (new CutMix { ClassCount = 2, Probability = below }, "Probability"),
            (new CutMix { ClassCount = 2, Probability = above }, "Probability"),
        ];
        Assert.All(
            bad,
            entry =>
                Assert.StartsWith(
                    $"{entry.Item2} must be ",
                    Assert.Single(OptionsCatalog.Faults(entry.Item1)),
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void BoundThatIsNoNumber_HidesNoFaultOfTheOther()
    {
        AssertFaults(new RandomErasing { MinArea = double.NaN, MaxArea = 0 }, "MinArea", "MaxArea");
        AssertFaults(new RandomErasing { MinRatio = double.NaN, MaxRatio = 0 }, "MinRatio", "MaxRatio");
        AssertFaults(new RandomScale { MinScale = double.NaN, MaxScale = 0 }, "MinScale", "MaxScale");
        AssertFaults(new RandomErasing { MinArea = 1 + 1e-12, MaxArea = 1 }, "MinArea", "MaxArea");
        AssertFaults(new RandomErasing { MinArea = double.NaN }, "MinArea");

        static void AssertFaults(Augmentation augmentation, params string[] settings) =>
            Assert.Equal(settings, OptionsCatalog.Faults(augmentation).Select(fault => fault.Split(' ')[0]));
    }

    [Fact]
    public void NoImages_AreRefusedByEach() =>
        Assert.All(All, make => Assert.Throws<ArgumentNullException>("images", () => make().Apply(null!)));

    [Theory]
    [InlineData(3)]
    [InlineData(3, 3)]
    [InlineData(3, 3, 3)]
    [InlineData(1, 3, 3, 3, 3)]
    public void ImagesOfAnotherRank_AreRefusedByEach(params int[] sizes)
    {
        using var images = zeros(Array.ConvertAll(sizes, size => (long)size));
        Assert.All(
            All,
            make =>
            {
                string message = Assert.Throws<ShapeMismatchException>(() => make().Apply(images)).Message;
                Assert.Equal(
                    $"{make().Name} expects images [batch, channels, height, width], but received [{string.Join(", ", sizes)}]. "
                        + "Augment image data only, or reshape it.",
                    message
                );
            }
        );
    }

    [Fact]
    public void Images_KeepShapeAndType_AndTargetsStay()
    {
        using var scope = NewDisposeScope();
        var targets = tensor(new long[] { 0, 1 });
        Assert.All(
            All,
            make =>
            {
                foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
                {
                    var images = rand(2, 3, 6, 9, dtype: dtype);
                    var (changed, same) = make().Apply(images, targets);
                    Assert.Equal([2, 3, 6, 9], changed.shape);
                    Assert.Equal(dtype, changed.dtype);
                    Assert.Same(targets, same);
                }
            }
        );
    }

    [Fact]
    public void OwnAugmentation_HasTheNameOfItsType_AndNoFaults()
    {
        var own = new Doubled();
        Assert.Equal("Doubled", own.Name);
        Assert.Empty(OptionsCatalog.Faults(own));
    }

    [Fact]
    public void UniformNumbers_AreWithinTheirBounds()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var drawn = DeviceDraws.Uniform(zeros(2000, 1, 1, 1), 2, 3);
        Assert.Equal([2000], drawn.shape);
        Assert.InRange(drawn.min().item<float>(), 2, 2.02f);
        Assert.InRange(drawn.max().item<float>(), 2.98f, 3);
        Assert.All(DeviceDraws.Uniform(zeros(9, 1, 1, 1), 1.5, 1.5).data<float>().ToArray(), one => Assert.Equal(1.5f, one));
    }

    private sealed class Doubled : Augmentation
    {
        public override Tensor Apply(Tensor images) => images * 2;
    }
}
