using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Augmentations;

[Collection("Torch")]
public sealed class AffineWarpTests
{
    private const int Height = 5;
    private const int Width = 8;

    public static TheoryData<double, double, double, double> Numbers =>
        new()
        {
            { 0, 1, 0, 0 },
            { 0, 1, 3, -2 },
            { 0, 1, 0.25, 1.5 },
            { 90, 1, 0, 0 },
            { -90, 1, 1, 2 },
            { 30, 1, 0, 0 },
            { 30, 1, 2, 0 },
            { 30, 1, 0, 2 },
            { 0, 1.5, 0, 0 },
            { 0, 0.6, 0, 0 },
            { 0, 2, 1, -1 },
            { -40, 1.3, 0.7, -1.2 },
            { 155, 0.8, -2.4, 0.9 },
        };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Pixels_AreThoseOfTheTextbook(double degrees, double scale, double right, double down)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var images = randn(1, 2, Height, Width);
        var warped = Warp(images, degrees, scale, right, down);
        for (int channel = 0; channel < 2; channel++)
        {
            float[] pixels = images[0][channel].contiguous().data<float>().ToArray();
            float[] actual = warped[0][channel].contiguous().data<float>().ToArray();
            for (int i = 0; i < actual.Length; i++)
            {
                Assert.Equal(Textbook(pixels, i / Width, i % Width, degrees, scale, right, down), actual[i], 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 2, 5)]
    [InlineData(90, 0, 0, 0, 3)]
    [InlineData(-90, 0, 0, 4, 3)]
    [InlineData(180, 0, 0, 2, 1)]
    [InlineData(0, 1, 2, 4, 6)]
    [InlineData(90, -1, 1, 1, 2)]
    public void BrightPixel_TurnsCounterClockwise_ThenMoves(double degrees, double right, double down, int row, int column)
    {
        using var scope = NewDisposeScope();
        var image = zeros(1, 1, 5, 7);
        image[0, 0, 2, 5] = tensor(1f);
        var expected = zeros(1, 1, 5, 7);
        expected[0, 0, row, column] = tensor(1f);
        var moved = Warp(image, degrees, 1, right, down);
        Assert.True((moved - expected).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void EachImage_HasItsOwnNumbers()
    {
        using var scope = NewDisposeScope();
        var images = randn(3, 1, 4, 6);
        var (degrees, scale) = (tensor(new[] { 0f, 25, -60 }), tensor(new[] { 1f, 0.7f, 1.4f }));
        var (right, down) = (tensor(new[] { 1f, 0, -0.5f }), tensor(new[] { 0f, 2, 0.5f }));
        var warped = AffineWarp.Apply(images, degrees, scale, right, down);
        for (int i = 0; i < 3; i++)
        {
            var alone = AffineWarp.Apply(
                images.narrow(0, i, 1),
                degrees.narrow(0, i, 1),
                scale.narrow(0, i, 1),
                right.narrow(0, i, 1),
                down.narrow(0, i, 1)
            );
            TensorAssert.Close(alone, warped.narrow(0, i, 1), 1e-6, "image");
        }
    }

    private static Tensor Warp(Tensor images, double degrees, double scale, double right, double down)
    {
        static Tensor One(double value) => tensor(new[] { (float)value });
        return AffineWarp.Apply(images, One(degrees), One(scale), One(right), One(down));
    }

    /// <summary>Goes back from an output pixel to the place it shows, and reads that between the four pixels around.</summary>
    private static double Textbook(float[] pixels, int row, int column, double degrees, double scale, double right, double down)
    {
        const double middleX = (Width - 1) / 2.0;
        const double middleY = (Height - 1) / 2.0;
        double angle = degrees * Math.PI / 180;
        var (x, y) = (column - middleX - right, row - middleY - down);
        // y points down, so this turns clockwise
        double sourceX = (((Math.Cos(angle) * x) - (Math.Sin(angle) * y)) / scale) + middleX;
        double sourceY = (((Math.Sin(angle) * x) + (Math.Cos(angle) * y)) / scale) + middleY;
        var (left, top) = ((int)Math.Floor(sourceX), (int)Math.Floor(sourceY));
        var (partX, partY) = (sourceX - left, sourceY - top);
        return (Pixel(top, left) * (1 - partY) * (1 - partX))
            + (Pixel(top, left + 1) * (1 - partY) * partX)
            + (Pixel(top + 1, left) * partY * (1 - partX))
            + (Pixel(top + 1, left + 1) * partY * partX);

        double Pixel(int i, int k) => i is >= 0 and < Height && k is >= 0 and < Width ? pixels[(i * Width) + k] : 0;
    }
}
