using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class AugmentationTests
{
    [Fact]
    public void Flip_OfProbability1_MirrorsAll_Of0_None()
    {
        using var scope = NewDisposeScope();
        var images = Images(8);
        TensorAssert.Identical(images.flip(3), new RandomHorizontalFlip { Probability = 1 }.Apply(images), "all");
        TensorAssert.Identical(images, new RandomHorizontalFlip { Probability = 0 }.Apply(images), "none");
    }

    [Fact]
    public void Flip_Of50Percent_MirrorsAboutHalf_EachAsAWhole()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var images = Images(400);
        var flipped = new RandomHorizontalFlip().Apply(images);
        int count = 0;
        for (int i = 0; i < 400; i++)
        {
            bool same = flipped[i].equal(images[i]).all().ToBoolean();
            Assert.True(same || flipped[i].equal(images[i].flip(2)).all().ToBoolean());
            count += same ? 0 : 1;
        }

        Assert.InRange(count, 150, 250);
    }

    [Theory]
    [InlineData("crop", 2, 2)]
    [InlineData("shift", 1, 3)]
    public void ShiftedImages_AreZeroFilledShiftsOfTheOriginal_AndAllOffsetsOccur(string kind, int vertical, int horizontal)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var images = Images(300);
        Augmentation augmentation =
            kind == "crop" ? new RandomCrop { Padding = 2 } : new RandomShift { Vertical = vertical, Horizontal = horizontal };
        var moved = augmentation.Apply(images);
        var seen = new HashSet<(int, int)>();
        for (int i = 0; i < 300; i++)
        {
            seen.Add(OffsetOf(images[i], moved[i], vertical, horizontal));
        }

        Assert.Equal(((2 * vertical) + 1) * ((2 * horizontal) + 1), seen.Count);
    }

    [Fact]
    public void Cutout_ClearsOneSquare_WhollyOrCutAtTheEdge()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var images = ones(200, 2, 9, 9);
        var cut = new Cutout { Size = 4 }.Apply(images);
        int whole = 0;
        for (int i = 0; i < 200; i++)
        {
            var zeros = cut[i][0].eq(0);
            long rows = zeros.any(1).sum().ToInt64();
            long columns = zeros.any(0).sum().ToInt64();
            Assert.Equal(rows * columns, zeros.sum().ToInt64());
            Assert.InRange(rows, 1, 4);
            Assert.InRange(columns, 1, 4);
            Assert.True(cut[i][0].eq(cut[i][1]).all().ToBoolean());
            whole += rows * columns == 16 ? 1 : 0;
        }

        Assert.InRange(whole, 50, 150); // (6/9)² of them, about 89
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Augmentation_RepeatsBySeed_LeavesItsInput_AndNoTensorBehind(string name)
    {
        using var images = Images(16);
        using var before = images.clone();
        var augmentation = Of(name);
        manual_seed(4);
        using var first = augmentation.Apply(images);
        manual_seed(4);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var second = augmentation.Apply(images);
        Assert.Equal(live + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        TensorAssert.Identical(first, second, name);
        TensorAssert.Identical(before, images, name);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Augmentation_OfSomethingElseThanImages_NamesTheShape(string name)
    {
        using var notImages = zeros(4, 5);
        Assert.Contains(
            "but received [4, 5]",
            Assert.Throws<ShapeMismatchException>(() => Of(name).Apply(notImages)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void FaultsOfAugmentations_StandWithAllOthers()
    {
        var options = new TrainerOptions
        {
            Epochs = 0,
            Augmentations = [new Cutout { Size = 0 }, new RandomHorizontalFlip { Probability = 2 }],
        };
        string message = Assert.Throws<InvalidOptionsException>(() => new Trainer(options)).Message;
        Assert.Contains("Epochs must be at least 1", message, StringComparison.Ordinal);
        Assert.Contains("Cutout.Size must be at least 1", message, StringComparison.Ordinal);
        Assert.Contains("RandomHorizontalFlip.Probability must be from 0 to 1", message, StringComparison.Ordinal);
    }

    public static TheoryData<string> All =>
        [
            "RandomCrop",
            "RandomShift",
            "RandomHorizontalFlip",
            "Cutout",
            "RandomRotation",
            "RandomScale",
            "RandomAffine",
            "ColorJitter",
            "RandomErasing",
            "RandomErasing with noise",
        ];

    private static Augmentation Of(string name) =>
        name switch
        {
            "RandomCrop" => new RandomCrop(),
            "RandomShift" => new RandomShift(),
            "RandomHorizontalFlip" => new RandomHorizontalFlip(),
            "RandomRotation" => new RandomRotation(),
            "RandomScale" => new RandomScale(),
            "RandomAffine" => new RandomAffine(),
            "ColorJitter" => new ColorJitter { Normalization = ImageNormalization.Centered(3) },
            "RandomErasing" => new RandomErasing(),
            "RandomErasing with noise" => new RandomErasing { Noise = true },
            _ => new Cutout(),
        };

    private static Tensor Images(int count) =>
        arange(1, (count * 3 * 7 * 8) + 1, dtype: ScalarType.Float32).reshape(count, 3, 7, 8);

    private static (int Down, int Right) OffsetOf(Tensor image, Tensor moved, int vertical, int horizontal)
    {
        for (int down = -vertical; down <= vertical; down++)
        {
            for (int right = -horizontal; right <= horizontal; right++)
            {
                var expected = nn
                    .functional.pad(image.unsqueeze(0), [horizontal, horizontal, vertical, vertical])
                    .narrow(2, vertical - down, image.size(1))
                    .narrow(3, horizontal - right, image.size(2));
                if (expected.eq(moved).all().ToBoolean())
                {
                    return (down, right);
                }
            }
        }

        throw new Xunit.Sdk.XunitException("no shift of the original");
    }
}
