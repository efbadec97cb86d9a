using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Augmentations;

[Collection("Torch")]
public sealed class RandomErasingTests
{
    private const int Height = 8;
    private const int Width = 4;

    /// <summary>4 to 16 of 32 pixels, square or four times as high as wide.</summary>
    private static readonly RandomErasing Erasing = new()
    {
        MinArea = 0.125,
        MaxArea = 0.5,
        MinRatio = 1,
        MaxRatio = 4,
    };

    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0, 2, 2)] // 4 pixels
    [InlineData(0, 0, 0.999, 0.999, 6, 2, 2, 2)]
    [InlineData(0, 0, 0.5, 0.5, 3, 1, 2, 2)]
    [InlineData(0, 0, 0.142, 0.34, 0, 1, 2, 2)]
    [InlineData(0, 0, 0.143, 0.33, 1, 0, 2, 2)]
    [InlineData(0, 1, 0, 0, 0, 0, 4, 1)] // 4 pixels, 4 to 1
    [InlineData(0, 1, 0.999, 0.999, 4, 3, 4, 1)]
    [InlineData(0, 0.5, 0.5, 0.7, 3, 2, 3, 1)] // 2 to 1: 2.83 by 1.41
    [InlineData(0.5, 0.5, 0, 0, 0, 0, 4, 2)] // 10 pixels, 2 to 1: 4.47 by 2.24
    [InlineData(0.4, 0, 0.999, 0.999, 5, 1, 3, 3)] // 8.8 pixels, square: 2.97
    public void Rectangle_IsThatOfItsNumbers(
        double area,
        double ratio,
        double down,
        double right,
        int top,
        int left,
        int height,
        int width
    )
    {
        using var scope = NewDisposeScope();
        bool[] inside = Inside(Erasing, [area], [ratio], down, right);
        for (int i = 0; i < inside.Length; i++)
        {
            var (row, column) = (i / Width, i % Width);
            bool expected = row >= top && row < top + height && column >= left && column < left + width;
            Assert.True(expected == inside[i], $"row {row}, column {column}");
        }
    }

    [Theory]
    [InlineData(1, 0)] // 4 by 4: as wide as the image
    [InlineData(1, 1)] // 8 by 2: as high
    public void RectangleAsLargeAsTheImage_IsNotTaken_ButTheNextThatIsSmaller(double area, double ratio)
    {
        using var scope = NewDisposeScope();
        Assert.DoesNotContain(true, Inside(Erasing, [area, area], [ratio, ratio], 0, 0));
        Assert.Equal(4, Inside(Erasing, [area, area, 0, 0.5], [ratio, ratio, 0, 0.5], 0, 0).Count(erased => erased));
        Assert.Equal(8, Inside(Erasing, [area, 0.5, 0], [ratio, 0.5, 0], 0, 0).Count(erased => erased));
    }

    [Fact]
    public void Images_HaveTheirOwnRectangles_AndWhatIsNotChosenHasNone()
    {
        using var scope = NewDisposeScope();
        var inside = Erasing.Inside(
            zeros(3, 2, Height, Width),
            tensor(new[] { true, false, true }),
            tensor(new[] { 0f, 0, 0.5f }).reshape(3, 1),
            tensor(new[] { 0f, 0, 0.5f }).reshape(3, 1),
            tensor(new[] { 0f, 0, 0.5f }),
            tensor(new[] { 0.5f, 0, 0 })
        );
        Assert.Equal([3, 1, Height, Width], inside.shape);
        Assert.Equal([4, 0, 8], inside.sum([1, 2, 3]).data<long>().ToArray());
        Assert.Equal([1, 2], Places(inside[0][0].any(0)));
        Assert.Equal([2, 3, 4, 5], Places(inside[2][0].any(1)));
        Assert.Equal([0, 1], Places(inside[2][0].any(0)));
    }

    [Fact]
    public void Probability_ChoosesImages_AndErasedPixelsAreZeroInEachChannel()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var images = full([500, 2, 12, 9], 7f);
        TensorAssert.Identical(images, new RandomErasing { Probability = 0 }.Apply(images), "none");
        Assert.Equal(500, Changed(new RandomErasing { Probability = 1 }.Apply(images)).flatten(1).any(1).sum().item<long>());
        var some = new RandomErasing { Probability = 0.3 }.Apply(images);
        Assert.InRange(Changed(some).flatten(1).any(1).sum().item<long>(), 110, 190);
        Assert.True((some.eq(0) | some.eq(7)).all().item<bool>());
        Assert.True(some.select(1, 0).eq(some.select(1, 1)).all().item<bool>());
    }

    [Fact]
    public void ErasedAreasAndShapes_AreWithinTheBounds()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var erasing = new RandomErasing
        {
            Probability = 1,
            MinArea = 0.1,
            MaxArea = 0.3,
            MinRatio = 0.5,
            MaxRatio = 2,
        };
        var erased = Changed(erasing.Apply(full([300, 1, 60, 50], 7f))).squeeze(1);
        var heights = Numbers(erased.any(2).sum(1));
        var widths = Numbers(erased.any(1).sum(1));
        double[] areas = [.. heights.Zip(widths, (height, width) => height * width / 3000.0)];
        double[] ratios = [.. heights.Zip(widths, (height, width) => (double)height / width)];
        Assert.Equal(heights.Zip(widths, (height, width) => height * width), Numbers(erased.sum([1, 2])));
        Assert.InRange(areas.Min(), 0.092, 0.118);
        Assert.InRange(areas.Max(), 0.28, 0.315);
        Assert.Equal(0.2, areas.Average(), 0.01);
        Assert.InRange(ratios.Min(), 0.45, 0.56);
        Assert.InRange(ratios.Max(), 1.8, 2.2);
        Assert.Equal(0, ratios.Average(Math.Log), 0.07);
    }

    [Fact]
    public void Noise_FillsTheSameRectangles_AsANormalDistribution()
    {
        using var scope = NewDisposeScope();
        var images = full([200, 2, 12, 9], 7f);
        manual_seed(3);
        var plain = new RandomErasing { Probability = 1 }.Apply(images);
        manual_seed(3);
        var noisy = new RandomErasing { Probability = 1, Noise = true }.Apply(images);
        Assert.True(Changed(plain).eq(Changed(noisy)).all().item<bool>());
        var noise = noisy.masked_select(Changed(noisy));
        Assert.Equal(0, noise.mean().item<float>(), 0.05f);
        Assert.Equal(1, noise.std().item<float>(), 0.05f);
    }

    private static bool[] Inside(RandomErasing erasing, double[] areas, double[] ratios, double down, double right) =>
        erasing
            .Inside(
                zeros(1, 3, Height, Width),
                tensor(new[] { true }),
                Floats(areas).unsqueeze(0),
                Floats(ratios).unsqueeze(0),
                Floats(down),
                Floats(right)
            )
            .data<bool>()
            .ToArray();

    private static Tensor Floats(params double[] numbers) => tensor(Array.ConvertAll(numbers, number => (float)number));

    private static Tensor Changed(Tensor images) => images.ne(7);

    private static long[] Numbers(Tensor tensor) => tensor.data<long>().ToArray();

    private static IEnumerable<int> Places(Tensor line) =>
        line.data<bool>().ToArray().Index().Where(place => place.Item).Select(place => place.Index);
}
