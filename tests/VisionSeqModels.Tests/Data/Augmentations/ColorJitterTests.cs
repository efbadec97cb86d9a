using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Augmentations;

[Collection("Torch")]
public sealed class ColorJitterTests
{
    private static readonly double[] GrayWeights = [0.2989, 0.587, 0.114];
    private static readonly ImageNormalization Plain = new() { Mean = [0, 0, 0], StandardDeviation = [1, 1, 1] };
    private static readonly ImageNormalization PlainGray = new() { Mean = [0], StandardDeviation = [1] };
    private static readonly ColorJitter Still = new()
    {
        Normalization = Plain,
        Brightness = 0,
        Contrast = 0,
        Saturation = 0,
        Hue = 0,
    };

    [Fact]
    public void Brightness_ScalesPixels_AndCutsOff()
    {
        using var scope = NewDisposeScope();
        var images = Of(0.2f, 0.4f, 0.8f);
        AssertPixels([0.3, 0.6, 1], Still.Apply(images, One(1.5), One(1), One(1), One(0)));
        AssertPixels([0.1, 0.2, 0.4], Still.Apply(images, One(0.5), One(1), One(1), One(0)));
    }

    [Fact]
    public void Contrast_ScalesTheDistanceFromTheMeanGrey()
    {
        using var scope = NewDisposeScope();
        var images = Of(0.2f, 0.4f, 0.6f, 0.5f, 0.3f, 0.1f).reshape(1, 3, 1, 2);
        double[] left = [0.2, 0.6, 0.3];
        double[] right = [0.4, 0.5, 0.1];
        double mean = (Gray(left) + Gray(right)) / 2;
        double[] expected = [.. left.Zip(right).SelectMany(pair => new[] { pair.First, pair.Second })];
        AssertPixels(
            [.. expected.Select(pixel => Cut(mean + ((pixel - mean) * 1.4)))],
            Still.Apply(images, One(1), One(1.4), One(1), One(0))
        );
        AssertPixels(
            [.. expected.Select(pixel => Cut(mean + ((pixel - mean) * 4)))],
            Still.Apply(images, One(1), One(4), One(1), One(0))
        );
        AssertPixels([.. expected.Select(_ => mean)], Still.Apply(images, One(1), One(0), One(1), One(0)));
    }

    [Fact]
    public void Saturation_ScalesTheDistanceFromEachPixelsGrey()
    {
        using var scope = NewDisposeScope();
        double[] color = [0.7, 0.4, 0.2];
        var images = Of(0.7f, 0.4f, 0.2f);
        double gray = Gray(color);
        AssertPixels(
            [.. color.Select(pixel => Cut(gray + ((pixel - gray) * 1.3)))],
            Still.Apply(images, One(1), One(1), One(1.3), One(0))
        );
        AssertPixels([gray, gray, gray], Still.Apply(images, One(1), One(1), One(0), One(0)));
    }

    [Fact]
    public void Hue_TurnsTheColorWheel()
    {
        using var scope = NewDisposeScope();
        var images = Of(0.7f, 0.2f, 0.4f);
        AssertPixels([0.4, 0.7, 0.2], Still.Apply(images, One(1), One(1), One(1), One(1.0 / 3)));
        AssertPixels([0.2, 0.4, 0.7], Still.Apply(images, One(1), One(1), One(1), One(-1.0 / 3)));
    }

    [Fact]
    public void Images_AreTurnedBack_Changed_AndNormalisedAgain()
    {
        using var scope = NewDisposeScope();
        var jitter = new ColorJitter
        {
            Normalization = new() { Mean = [0.5, 0.4, 0.3], StandardDeviation = [0.25, 0.2, 0.5] },
        };
        double[] before = [0.4, 0.3, 0.6];
        var images = Of((0.4f - 0.5f) / 0.25f, (0.3f - 0.4f) / 0.2f, (0.6f - 0.3f) / 0.5f);
        double[] after = [.. before.Select(pixel => pixel * 1.25)];
        AssertPixels(
            [(after[0] - 0.5) / 0.25, (after[1] - 0.4) / 0.2, (after[2] - 0.3) / 0.5],
            jitter.Apply(images, One(1.25), One(1), One(1), One(0))
        );
    }

    [Fact]
    public void GreyImages_HaveNoSaturationAndNoHue()
    {
        using var scope = NewDisposeScope();
        var jitter = new ColorJitter { Normalization = PlainGray };
        var images = Of(0.2f, 0.6f).reshape(1, 1, 1, 2);
        AssertPixels([0.2, 0.6], jitter.Apply(images, One(1), One(1), One(0), One(0.4)));
        AssertPixels([0.3, 0.5], jitter.Apply(images, One(1), One(0.5), One(0), One(0.4)));
    }

    [Fact]
    public void EachImage_HasItsOwnNumbers()
    {
        using var scope = NewDisposeScope();
        var images = rand(2, 3, 4, 5);
        Tensor[] numbers =
        [
            tensor(new[] { 0.8f, 1.2f }),
            tensor(new[] { 1.3f, 0.6f }),
            tensor(new[] { 0.4f, 1.5f }),
            tensor(new[] { 0.1f, -0.3f }),
        ];
        var both = Still.Apply(images, numbers[0], numbers[1], numbers[2], numbers[3]);
        for (int i = 0; i < 2; i++)
        {
            Tensor[] own = [.. numbers.Select(values => values.narrow(0, i, 1))];
            var alone = Still.Apply(images.narrow(0, i, 1), own[0], own[1], own[2], own[3]);
            TensorAssert.Close(alone, both.narrow(0, i, 1), 1e-5, "image");
        }
    }

    [Theory]
    [InlineData(0.5, 0.5, 1.5)]
    [InlineData(0.1, 0.9, 1.1)]
    [InlineData(1.5, 0, 2.5)]
    public void Factors_AreDrawnFromOneMinusToOnePlus(double setting, double low, double high)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var brightness = new ColorJitter
        {
            Normalization = PlainGray,
            Brightness = setting,
            Contrast = 0,
        };
        double[] factors = Numbers(brightness.Apply(full([2000, 1, 1, 1], 0.25f)), pixel => pixel / 0.25);
        AssertUniform(factors, low, high);

        // two pixels about the mean of 0.5
        var contrast = new ColorJitter
        {
            Normalization = PlainGray,
            Brightness = 0,
            Contrast = setting,
        };
        var pair = Of(0.4f, 0.6f).reshape(1, 1, 1, 2).expand(2000, 1, 1, 2);
        var changed = contrast.Apply(pair);
        AssertUniform(Numbers(changed.select(3, 1) - changed.select(3, 0), pixel => pixel / 0.2), low, high);

        var saturation = new ColorJitter
        {
            Normalization = Plain,
            Brightness = 0,
            Contrast = 0,
            Saturation = setting,
            Hue = 0,
        };
        var colored = saturation.Apply(Of(0.6f, 0.5f, 0.4f).expand(2000, 3, 1, 1));
        AssertUniform(Numbers(colored.select(1, 0) - colored.select(1, 2), pixel => pixel / 0.2), low, high);
    }

    [Fact]
    public void Hue_IsTurnedToEitherSide()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var jitter = new ColorJitter
        {
            Normalization = Plain,
            Brightness = 0,
            Contrast = 0,
            Saturation = 0,
            Hue = 0.1,
        };
        // from red the turn is a sixth of the green, or of the blue
        var turned = jitter.Apply(Of(1, 0, 0).expand(2000, 3, 1, 1));
        AssertUniform(Numbers(turned.select(1, 1) - turned.select(1, 2), pixel => pixel / 6), -0.1, 0.1);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(4, 4)]
    public void OtherChannels_AreRefused(int channels, int normalized)
    {
        using var images = zeros(2, channels, 4, 5);
        var jitter = new ColorJitter { Normalization = ImageNormalization.Centered(normalized) };
        string message = Assert.Throws<ShapeMismatchException>(() => jitter.Apply(images)).Message;
        Assert.StartsWith(
            $"ColorJitter with a normalization of {normalized} channels expects images of as many, 1 or 3, but received "
                + $"[2, {channels}, 4, 5].",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void FaultsOfTheNormalization_AreItsOwn()
    {
        Assert.Equal(
            ["Normalization.Mean must be one finite number for each of the 1 channels, but is null."],
            OptionsCatalog.Faults(
                new ColorJitter
                {
                    Normalization = new() { Mean = null!, StandardDeviation = [1] },
                }
            )
        );
        Assert.Equal(
            ["Normalization.StandardDeviation must be one finite number above 0 for each of the 2 channels, but is 1, 0."],
            OptionsCatalog.Faults(
                new ColorJitter
                {
                    Normalization = new() { Mean = [0, 0], StandardDeviation = [1, 0] },
                }
            )
        );
    }

    private static Tensor Of(params float[] pixels) => tensor(pixels).reshape(1, -1, 1, 1);

    private static Tensor One(double value) => tensor(new[] { (float)value });

    private static double Gray(double[] color) => color.Zip(GrayWeights, (pixel, weight) => pixel * weight).Sum();

    private static double Cut(double pixel) => Math.Clamp(pixel, 0, 1);

    private static double[] Numbers(Tensor tensor, Func<float, double> of) =>
        Array.ConvertAll(tensor.contiguous().data<float>().ToArray(), pixel => of(pixel));

    private static void AssertPixels(double[] expected, Tensor actual)
    {
        double[] pixels = Numbers(actual, pixel => pixel);
        Assert.Equal(expected.Length, pixels.Length);
        Assert.All(expected.Zip(pixels), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private static void AssertUniform(double[] numbers, double low, double high)
    {
        double width = high - low;
        Assert.InRange(numbers.Min(), low - 1e-4, low + (width / 50));
        Assert.InRange(numbers.Max(), high - (width / 50), high + 1e-4);
        Assert.Equal((low + high) / 2, numbers.Average(), width / 20);
    }
}
