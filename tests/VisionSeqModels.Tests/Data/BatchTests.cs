using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class BatchTests
{
    [Fact]
    public void NoTensor_IsRefused()
    {
        using var some = zeros(2);
        Assert.Throws<ArgumentNullException>("inputs", () => new Batch(null!, some));
        Assert.Throws<ArgumentNullException>("targets", () => new Batch(some, null!));
    }

    [Fact]
    public void FirstDimensions_MustCountTheSamples()
    {
        using var scope = NewDisposeScope();
        (Tensor, Tensor, string)[] bad =
        [
            (tensor(1f), zeros(1), "[] and the targets [1]"),
            (zeros(1), tensor(1f), "[1] and the targets []"),
            (tensor(1f), tensor(1f), "[] and the targets []"),
            (zeros(2, 3), zeros(3), "[2, 3] and the targets [3]"),
        ];
        Assert.All(
            bad,
            one =>
                Assert.Contains(
                    $"the inputs have shape {one.Item3}. The first dimension of both must be the number of samples.",
                    Assert.Throws<ArgumentException>("targets", () => new Batch(one.Item1, one.Item2)).Message,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Tensors_AreKept_AndCounted()
    {
        using var scope = NewDisposeScope();
        var (inputs, targets) = (zeros(3, 2), zeros(3));
        var batch = new Batch(inputs, targets);
        Assert.Same(inputs, batch.Inputs);
        Assert.Same(targets, batch.Targets);
        Assert.Null(batch.Lengths);
        Assert.Equal(3, batch.Count);
    }

    [Fact]
    public void Lengths_AreKept_OrTurnedIntoInt64()
    {
        using var scope = NewDisposeScope();
        var (inputs, targets) = (zeros(2, 5, 1), zeros(2));
        var lengths = tensor(new long[] { 1, 5 });
        Assert.Same(lengths, new Batch(inputs, targets, lengths).Lengths);
        foreach (var dtype in new[] { ScalarType.Int32, ScalarType.Int16, ScalarType.Byte })
        {
            var turned = new Batch(inputs, targets, lengths.to(dtype)).Lengths!;
            Assert.Equal(ScalarType.Int64, turned.dtype);
            Assert.Equal([1, 5], turned.data<long>().ToArray());
        }
    }

    [Fact]
    public void LengthsOfAnotherShapeOrType_AreRefused()
    {
        using var scope = NewDisposeScope();
        AssertRefused(ones(2, 1, dtype: ScalarType.Int64), "Int64 of shape [2, 1]");
        AssertRefused(tensor(2L), "Int64 of shape []");
        AssertRefused(ones(1, dtype: ScalarType.Int64), "Int64 of shape [1]");
        AssertRefused(ones(3, dtype: ScalarType.Int64), "Int64 of shape [3]");
        AssertRefused(ones(2), "Float32 of shape [2]");

        static void AssertRefused(Tensor lengths, string what) =>
            Assert.StartsWith(
                $"The lengths of a batch must be 2 whole numbers of shape [2], one a sequence, but are {what}.",
                Assert.Throws<ArgumentException>("lengths", () => new Batch(zeros(2, 5, 1), zeros(2), lengths)).Message,
                StringComparison.Ordinal
            );
    }

    [Theory]
    [InlineData(0, "from 1 to 5, the steps of its inputs of shape [2, 5, 1], but one is 0. Leave empty sequences out.")]
    [InlineData(-1, "from 1 to 5, the steps of its inputs of shape [2, 5, 1], but one is -1. Leave empty sequences out.")]
    [InlineData(6, "from 1 to 5, the steps of its inputs of shape [2, 5, 1], but one is 6. Correct the lengths.")]
    public void LengthOutsideTheSteps_IsRefused(long length, string message)
    {
        using var scope = NewDisposeScope();
        Assert.StartsWith(
            "Each length of a batch must be " + message,
            Assert
                .Throws<ArgumentException>("lengths", () => new Batch(zeros(2, 5, 1), zeros(2), tensor(new[] { 5, length })))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void LengthOfInputsWithoutSteps_IsAtLeastOne()
    {
        using var scope = NewDisposeScope();
        foreach (var inputs in new[] { zeros(1, 5), zeros(1, 1, 2, 2) })
        {
            Assert.Equal(99, new Batch(inputs, zeros(1), tensor(new[] { 99L })).Lengths!.item<long>());
            Assert.StartsWith(
                "Each length of a batch must be at least 1, but one is 0. Leave empty sequences out.",
                Assert.Throws<ArgumentException>("lengths", () => new Batch(inputs, zeros(1), tensor(new[] { 0L }))).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Parts_FollowEachOther()
    {
        using var scope = NewDisposeScope();
        var lengths = tensor(new long[] { 1, 2, 3, 2 });
        var batch = new Batch(arange(12).reshape(4, 3, 1), arange(4), lengths);
        var part = batch.Part(1, 2);
        Assert.Equal(2, part.Count);
        Assert.Equal([3, 4, 5, 6, 7, 8], part.Inputs.contiguous().data<long>().ToArray());
        Assert.Equal([1, 2], part.Targets.contiguous().data<long>().ToArray());
        Assert.Equal([2, 3], part.Lengths!.contiguous().data<long>().ToArray());
        Assert.Equal([0, 1, 2], batch.First(3).Targets.contiguous().data<long>().ToArray());
        Assert.Null(new Batch(zeros(3), zeros(3)).First(2).Lengths);
        Assert.Equal([1, 2, 3, 2], batch.On(CPU).Lengths!.data<long>().ToArray());
    }
}
