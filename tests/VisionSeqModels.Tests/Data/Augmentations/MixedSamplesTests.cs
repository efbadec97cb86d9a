using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Augmentations;

[Collection("Torch")]
public sealed class MixedSamplesTests
{
    public static TheoryData<string> Names => ["MixUp", "CutMix"];

    [Fact]
    public void MixUp_BlendsImagesAndProbabilities()
    {
        using var scope = NewDisposeScope();
        var images = tensor(new[] { 1f, 2, 10, 20 }).reshape(2, 1, 1, 2);
        var (order, weight) = (tensor(new long[] { 1, 0 }), tensor(0.75f));
        var mixing = new MixUp { ClassCount = 3 };
        var (mixed, soft) = mixing.Apply(images, tensor(new long[] { 2, 0 }), order, weight);
        Assert.Equal([3.25f, 6.5f, 7.75f, 15.5f], Numbers(mixed));
        Assert.Equal([2, 3], soft.shape);
        Assert.Equal([0.25f, 0, 0.75f, 0.75f, 0, 0.25f], Numbers(soft));

        var values = mixing.Apply(images, tensor(new[] { 4f, 8 }), order, weight).Targets;
        Assert.Equal([2], values.shape);
        Assert.Equal([5, 7], Numbers(values));
    }

    [Theory]
    [InlineData(0.75, 2, 1, 1, 3, 0, 2)] // half of each side: 3 of 6 rows give 2, 2 of 4 columns
    [InlineData(0.75, 0, 3, 0, 1, 2, 4)]
    [InlineData(0.75, 5, 0, 4, 6, 0, 1)]
    [InlineData(0, 3, 2, 0, 6, 0, 4)]
    [InlineData(0, 0, 0, 0, 3, 0, 2)]
    [InlineData(1, 3, 2, 0, 0, 0, 0)]
    public void CutMix_PutsARectangleIn_AndBlendsByItsArea(
        double weight,
        int down,
        int right,
        int top,
        int bottom,
        int left,
        int end
    )
    {
        using var scope = NewDisposeScope();
        var images = cat([zeros(1, 2, 6, 4), ones(1, 2, 6, 4)], 0);
        var (mixed, soft) = new CutMix { ClassCount = 2 }.Apply(
            images,
            tensor(new long[] { 0, 1 }),
            tensor(new long[] { 1, 0 }),
            tensor((float)weight),
            tensor(new long[] { down }),
            tensor(new long[] { right })
        );
        for (int row = 0; row < 6; row++)
        {
            for (int column = 0; column < 4; column++)
            {
                float expected = row >= top && row < bottom && column >= left && column < end ? 1 : 0;
                Assert.Equal(expected, mixed[0, 0, row, column].item<float>());
                Assert.Equal(expected, mixed[0, 1, row, column].item<float>());
                Assert.Equal(1 - expected, mixed[1, 1, row, column].item<float>());
            }
        }

        float other = (bottom - top) * (end - left) / 24f;
        TensorAssert.Close(tensor(new[] { 1 - other, other, other, 1 - other }).reshape(2, 2), soft, 1e-6, "targets");
    }

    [Fact]
    public void CutMix_DrawsPlacesAllOver_AndTargetsSayTheFractionOfPixels()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var images = cat([zeros(1, 1, 7, 5), ones(1, 1, 7, 5)], 0);
        var labels = tensor(new long[] { 0, 1 });
        var fractions = new List<double>();
        var touched = zeros(7, 5);
        for (int i = 0; i < 200; i++)
        {
            var (mixed, soft) = new CutMix { ClassCount = 2 }.Apply(images, labels);
            double fraction = mixed[0].mean().item<float>();
            Assert.Equal(fraction, soft[0, 1].item<float>(), 1e-5);
            Assert.Equal(1 - fraction, mixed[1].mean().item<float>(), 1e-5);
            fractions.Add(fraction);
            touched += mixed[0, 0];
        }

        Assert.True(touched.gt(0).all().item<bool>());
        Assert.InRange(fractions.Average(), 0.05, 0.3); // half of the batches draw the own order
        Assert.InRange(fractions.Max(), 0.4, 0.69);
    }

    [Fact]
    public void BatchIsMixed_WithItsProbability()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        int mixed = 0;
        for (int i = 0; i < 300; i++)
        {
            mixed += SampleMixing.Weight(CPU, 1, 0.25).item<float>() < 1 ? 1 : 0;
        }

        Assert.InRange(mixed, 50, 100);
        Assert.Empty(SampleMixing.Weight(CPU, 1, 1).shape);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ImagesAlone_AreRefused(string name)
    {
        using var images = zeros(2, 1, 3, 3);
        string message = Assert.Throws<NotSupportedException>(() => Of(name).Apply(images)).Message;
        Assert.Equal($"{name} changes targets too: call Apply(images, targets).", message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TargetsThatDoNotFit_AreRefused(string name)
    {
        using var scope = NewDisposeScope();
        var images = zeros(3, 1, 4, 5);
        AssertRefused(tensor(1L), "Int64 targets []");
        AssertRefused(tensor(1f), "Float32 targets []");
        AssertRefused(zeros(2, dtype: ScalarType.Int64), "Int64 targets [2]");
        AssertRefused(zeros(4, dtype: ScalarType.Int64), "Int64 targets [4]");
        AssertRefused(zeros(3, 2, dtype: ScalarType.Int64), "Int64 targets [3, 2]");
        AssertRefused(zeros(2, 3), "Float32 targets [2, 3]");

        void AssertRefused(Tensor targets, string what) =>
            Assert.Equal(
                $"{name} expects labels [batch], or floating-point targets [batch, …], but received images [3, 1, 4, 5] and "
                    + $"{what}. Give one target for each image.",
                Assert.Throws<ShapeMismatchException>(() => Of(name).Apply(images, targets)).Message
            );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FloatingPointTargets_AreBlendedAsTheyAre(string name)
    {
        using var scope = NewDisposeScope();
        var images = randn(3, 1, 4, 5);
        foreach (var targets in new[] { rand(3), rand(3, 2), rand(3, 2, 2, dtype: ScalarType.Float64) })
        {
            var soft = Of(name, probability: 0).Apply(images, targets).Targets;
            TensorAssert.Identical(targets, soft, name);
            Assert.Equal(targets.dtype, soft.dtype);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ImagesOfAnotherRank_AreRefused_AndSoIsNull(string name)
    {
        using var scope = NewDisposeScope();
        var labels = zeros(4, dtype: ScalarType.Int64);
        string message = Assert.Throws<ShapeMismatchException>(() => Of(name).Apply(zeros(4, 3, 5), labels)).Message;
        Assert.StartsWith(
            $"{name} expects images [batch, channels, height, width], but received [4, 3, 5].",
            message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentNullException>("images", () => Of(name).Apply(null!, labels));
        Assert.Throws<ArgumentNullException>("targets", () => Of(name).Apply(zeros(4, 3, 5, 5), null!));
    }

    private static Augmentation Of(string name, double probability = 1) =>
        name == "MixUp"
            ? new MixUp { ClassCount = 3, Probability = probability }
            : new CutMix { ClassCount = 3, Probability = probability };

    private static float[] Numbers(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
