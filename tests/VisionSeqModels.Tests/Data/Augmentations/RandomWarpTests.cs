using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Augmentations;

/// <summary>What is drawn for rotation, scale and shift, read off images whose pixels say their own place.</summary>
[Collection("Torch")]
public sealed class RandomWarpTests
{
    private const int Count = 1500;
    private const int Height = 21;
    private const int Width = 41;
    private const int Step = 4;

    [Fact]
    public void Rotation_IsDrawnFromBothSides_AndMovesNothingElse()
    {
        using var scope = NewDisposeScope();
        var drawn = Draw(new RandomRotation { Degrees = 25 });
        AssertUniform(drawn.Degrees, -25, 25);
        AssertAll(drawn.Scale, 1);
        AssertAll(drawn.Right, 0);
        AssertAll(drawn.Down, 0);
    }

    [Fact]
    public void Scale_IsDrawnFromTheSmallestToTheLargest_AndMovesNothingElse()
    {
        using var scope = NewDisposeScope();
        var drawn = Draw(new RandomScale { MinScale = 0.8, MaxScale = 1.6 });
        AssertUniform(drawn.Scale, 0.8, 1.6);
        AssertAll(drawn.Degrees, 0);
        AssertAll(drawn.Right, 0);
        AssertAll(drawn.Down, 0);
    }

    [Fact]
    public void Affine_MovesByAFractionOfEachSide()
    {
        using var scope = NewDisposeScope();
        var drawn = Draw(
            new RandomAffine
            {
                Degrees = 0,
                MinScale = 1,
                MaxScale = 1,
                Translation = 0.1,
            }
        );
        AssertUniform(drawn.Right, -0.1 * Width, 0.1 * Width);
        AssertUniform(drawn.Down, -0.1 * Height, 0.1 * Height);
        AssertAll(drawn.Degrees, 0);
        AssertAll(drawn.Scale, 1);
    }

    [Fact]
    public void Affine_TurnsAndScalesAsItIsSet()
    {
        using var scope = NewDisposeScope();
        var drawn = Draw(
            new RandomAffine
            {
                Degrees = 30,
                MinScale = 0.9,
                MaxScale = 1.5,
                Translation = 0,
            }
        );
        AssertUniform(drawn.Degrees, -30, 30);
        AssertUniform(drawn.Scale, 0.9, 1.5);
        AssertAll(drawn.Right, 0);
        AssertAll(drawn.Down, 0);
    }

    [Fact]
    public void Images_KeepTheirShapeAndTheirNumbers()
    {
        using var scope = NewDisposeScope();
        var images = randn(2, 3, 6, 9, dtype: ScalarType.Float64);
        foreach (var augmentation in new Augmentation[] { new RandomRotation(), new RandomScale(), new RandomAffine() })
        {
            var changed = augmentation.Apply(images);
            Assert.Equal(images.shape, changed.shape);
            Assert.Equal(ScalarType.Float64, changed.dtype);
        }
    }

    /// <summary>The numbers of each image. The pixel in the middle says where it comes from, and so does one to the right of
    /// it.</summary>
    private static (double[] Degrees, double[] Scale, double[] Right, double[] Down) Draw(Augmentation augmentation)
    {
        const int middleRow = Height / 2;
        const int middleColumn = Width / 2;
        manual_seed(1);
        var rows = (arange(Height, dtype: ScalarType.Float32) - middleRow).reshape(1, 1, Height, 1);
        var columns = (arange(Width, dtype: ScalarType.Float32) - middleColumn).reshape(1, 1, 1, Width);
        var place = cat([rows.expand(1, 1, Height, Width), columns.expand(1, 1, Height, Width)], 1);
        var moved = augmentation.Apply(place.expand(Count, 2, Height, Width));
        double[] middleY = At(0, middleColumn);
        double[] middleX = At(1, middleColumn);
        double[] y = At(0, middleColumn + Step);
        double[] x = At(1, middleColumn + Step);
        var (degrees, scale) = (new double[Count], new double[Count]);
        for (int i = 0; i < Count; i++)
        {
            var (right, down) = (x[i] - middleX[i], y[i] - middleY[i]);
            degrees[i] = Math.Atan2(down, right) * 180 / Math.PI; // a place below comes up by a turn to the left
            scale[i] = Step / Math.Sqrt((right * right) + (down * down));
        }

        return (degrees, scale, Array.ConvertAll(middleX, number => -number), Array.ConvertAll(middleY, number => -number));

        double[] At(int channel, int column) =>
            Array.ConvertAll(
                moved.select(1, channel).select(1, middleRow).select(1, column).contiguous().data<float>().ToArray(),
                number => (double)number
            );
    }

    private static void AssertUniform(double[] numbers, double low, double high)
    {
        double width = high - low;
        Assert.InRange(numbers.Min(), low - 1e-3, low + (width / 50));
        Assert.InRange(numbers.Max(), high - (width / 50), high + 1e-3);
        Assert.Equal((low + high) / 2, numbers.Average(), width / 20);
    }

    private static void AssertAll(double[] numbers, double expected) =>
        Assert.All(numbers, number => Assert.Equal(expected, number, 1e-3));
}
