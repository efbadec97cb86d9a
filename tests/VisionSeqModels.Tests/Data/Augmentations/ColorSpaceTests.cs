using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Augmentations;

[Collection("Torch")]
public sealed class ColorSpaceTests
{
    private static readonly double[][] Colors =
    [
        [0.8, 0.2, 0.1],
        [0.8, 0.1, 0.2],
        [0.2, 0.7, 0.4],
        [0.4, 0.7, 0.2],
        [0.1, 0.3, 0.9],
        [0.3, 0.1, 0.9],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [1, 1, 0],
        [0, 1, 1],
        [1, 0, 1],
        [0.6, 0.6, 0.2],
        [0.2, 0.6, 0.6],
        [0.6, 0.2, 0.6],
        [0.5, 0.5, 0.5],
        [0, 0, 0],
        [1, 1, 1],
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1.0 / 3)]
    [InlineData(-1.0 / 3)]
    [InlineData(0.07)]
    [InlineData(-0.04)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    public void TurnedHue_IsThatOfTheTextbook(double turns)
    {
        using var scope = NewDisposeScope();
        foreach (double[] color in Colors)
        {
            float[] turned = Numbers(ColorSpace.TurnHue(Pixel(color), full([1, 1, 1], (float)turns)));
            double[] expected = Textbook(color, turns);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(expected[i], turned[i], 1e-5);
            }
        }
    }

    [Fact]
    public void ThirdOfATurn_MakesRedGreen_GreenBlue_AndBlueRed()
    {
        using var scope = NewDisposeScope();
        var images = cat([Pixel(1, 0, 0), Pixel(0, 1, 0), Pixel(0, 0, 1)], 0);
        var expected = cat([Pixel(0, 1, 0), Pixel(0, 0, 1), Pixel(1, 0, 0)], 0);
        TensorAssert.Close(expected, ColorSpace.TurnHue(images, full([3, 1, 1], 1f / 3)), 1e-6, "hue");
    }

    [Fact]
    public void Gray_WeighsTheChannelsAsTheEyeDoes_AndIsTheOnlyChannelItself()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0.2989f, Numbers(ColorSpace.Gray(Pixel(1, 0, 0))).Single(), 1e-6f);
        Assert.Equal(0.587f, Numbers(ColorSpace.Gray(Pixel(0, 1, 0))).Single(), 1e-6f);
        Assert.Equal(0.114f, Numbers(ColorSpace.Gray(Pixel(0, 0, 1))).Single(), 1e-6f);
        Assert.Equal(
            (0.2989 * 0.5) + (0.587 * 0.25) + (0.114 * 0.75),
            Numbers(ColorSpace.Gray(Pixel(0.5, 0.25, 0.75))).Single(),
            1e-6
        );
        var gray = rand(2, 1, 3, 3);
        TensorAssert.Identical(gray, ColorSpace.Gray(gray), "gray");
        Assert.Equal([2, 1, 4, 5], ColorSpace.Gray(rand(2, 3, 4, 5)).shape);
    }

    /// <summary>To hue, saturation and value, and back, by the sixths of the colour wheel.</summary>
    private static double[] Textbook(double[] color, double turns)
    {
        var (red, green, blue) = (color[0], color[1], color[2]);
        var (value, least) = (color.Max(), color.Min());
        double chroma = value - least;
        double hue =
            chroma == 0 ? 0
            : value == red ? (green - blue) / chroma
            : value == green ? 2 + ((blue - red) / chroma)
            : 4 + ((red - green) / chroma);
        double saturation = value == 0 ? 0 : chroma / value;
        hue = (hue / 6) + turns;
        hue -= Math.Floor(hue);
        int sixth = (int)Math.Floor(hue * 6);
        double part = (hue * 6) - sixth;
        var (p, q, t) = (value * (1 - saturation), value * (1 - (part * saturation)), value * (1 - ((1 - part) * saturation)));
        return (sixth % 6) switch
        {
            0 => [value, t, p],
            1 => [q, value, p],
            2 => [p, value, t],
            3 => [p, q, value],
            4 => [t, p, value],
            _ => [value, p, q],
        };
    }

    private static Tensor Pixel(params double[] color) =>
        tensor(Array.ConvertAll(color, number => (float)number)).reshape(1, color.Length, 1, 1);

    private static float[] Numbers(Tensor images) => images.contiguous().data<float>().ToArray();
}
