using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Augmentations;

[Collection("Torch")]
public sealed class ImageShiftTests
{
    [Theory]
    [InlineData(1, -2)]
    [InlineData(-1, 2)]
    [InlineData(2, 1)]
    [InlineData(0, 0)]
    [InlineData(-2, -2)]
    public void Shift_MovesDownAndRight_AndFillsWithZero(int down, int right)
    {
        using var scope = NewDisposeScope();
        var images = arange(1, 49, dtype: ScalarType.Float32).reshape(2, 2, 3, 4);
        var moved = ImageBatch.Shift(images, tensor(new long[] { down, 0 }), tensor(new long[] { right, 1 }), 2);
        AssertMoved(images, moved, 0, down, right);
        AssertMoved(images, moved, 1, 0, 1);
    }

    [Fact]
    public void Offsets_AreEveryWholeNumberOfTheLimit_OnePerImage()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var offsets = ImageBatch.Offsets(zeros(200, 1, 1, 1), 2);
        Assert.Equal([200], offsets.shape);
        Assert.Equal([-2, -1, 0, 1, 2], offsets.data<long>().ToArray().Distinct().Order());
        Assert.All(ImageBatch.Offsets(zeros(20, 1, 1, 1), 0).data<long>().ToArray(), offset => Assert.Equal(0, offset));
    }

    [Fact]
    public void ShiftAlongOneSide_LeavesTheOther()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var rows = arange(1, 6, dtype: ScalarType.Float32).reshape(1, 1, 5, 1).expand(100, 1, 5, 6).contiguous();
        var sideways = new RandomShift { Horizontal = 3, Vertical = 0 }.Apply(rows);
        Assert.True((sideways.eq(rows) | sideways.eq(0)).all().item<bool>());
        Assert.Equal(3, sideways.eq(0).sum(3).max().item<long>());
        var upright = new RandomShift { Horizontal = 0, Vertical = 2 }.Apply(rows);
        Assert.True(upright.select(3, 0).eq(upright.select(3, 5)).all().item<bool>());
        Assert.Equal(2, upright.eq(0).sum(2).max().item<long>());
    }

    [Fact]
    public void NoMargin_MovesNothing()
    {
        using var scope = NewDisposeScope();
        var images = randn(3, 2, 4, 5);
        TensorAssert.Identical(images, new RandomCrop { Padding = 0 }.Apply(images), "crop");
        TensorAssert.Identical(images, new RandomShift { Horizontal = 0, Vertical = 0 }.Apply(images), "shift");
    }

    private static void AssertMoved(Tensor images, Tensor moved, int image, int down, int right)
    {
        for (int channel = 0; channel < 2; channel++)
        {
            for (int row = 0; row < 3; row++)
            {
                for (int column = 0; column < 4; column++)
                {
                    var (fromRow, fromColumn) = (row - down, column - right);
                    float expected =
                        fromRow is >= 0 and < 3 && fromColumn is >= 0 and < 4
                            ? images[image, channel, fromRow, fromColumn].item<float>()
                            : 0;
                    Assert.Equal(expected, moved[image, channel, row, column].item<float>());
                }
            }
        }
    }
}
