using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Metrics;

/// <summary>What is advised for each kind of wrong shape, and where each kind ends.</summary>
[Collection("Torch")]
public sealed class ShapeAdviceTests
{
    private const ScalarType Whole = ScalarType.Int64;
    private const ScalarType Real = ScalarType.Float32;

    [Theory]
    [InlineData(new long[] { 0, 3 }, new long[] { 0 }, Whole, "Leave out batches without samples: they have no mean.")]
    [InlineData(new long[] { 4, 3 }, new long[] { 0 }, Whole, "Leave out batches without samples: they have no mean.")]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 2, 4 }, Whole, "For a label at each position let the model give")]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 3, 4 }, Whole, "Let the model end in one score a class")]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 2 }, Whole, "Let the model end in one score a class")]
    [InlineData(new long[] { 4 }, new long[] { 4 }, Whole, "Use BinaryAccuracy for one score a sample")]
    [InlineData(new long[] { 4, 1 }, new long[] { 4 }, Whole, "Use BinaryAccuracy for one score a sample")]
    [InlineData(new long[] { 4, 3 }, new long[] { 4, 3 }, Whole, "Turn one-hot targets into labels with argmax(1)")]
    [InlineData(new long[] { 4, 3 }, new long[] { 4, 1 }, Whole, "Drop the targets' last dimension with squeeze(1).")]
    [InlineData(new long[] { 4, 3 }, new long[] { 4, 2 }, Whole, "Give one label for each sample")]
    [InlineData(new long[] { 4, 3 }, new long[] { 4 }, Real, "Cast class labels with to_type(ScalarType.Int64)")]
    [InlineData(new long[] { 4, 3 }, new long[] { 5 }, Whole, "Give one label for each sample")]
    [InlineData(new long[] { 4, 3 }, new long[0], Whole, "Give one label for each sample")]
    public void Labels(long[] outputs, long[] targets, ScalarType type, string advice) =>
        Refused(() => TargetShapes.CheckLabels("m", zeros(outputs), zeros(targets, type)), outputs, targets, type, advice);

    [Theory]
    [InlineData(new long[] { 0 }, new long[] { 0 }, Real, "Leave out batches without samples: they have no mean.")]
    [InlineData(new long[] { 4, 0 }, new long[] { 4, 0 }, Real, "Reshape one of them.")]
    [InlineData(new long[] { 4, 1 }, new long[] { 4 }, Real, "Give the targets that dimension with unsqueeze(1)")]
    [InlineData(new long[] { 4, 3, 1 }, new long[] { 4, 3 }, Real, "Give the targets that dimension with unsqueeze(2)")]
    [InlineData(new long[] { 4 }, new long[] { 4, 1 }, Real, "Drop the targets' last dimension with squeeze(1)")]
    [InlineData(new long[] { 4, 3 }, new long[] { 4, 3, 1 }, Real, "Drop the targets' last dimension with squeeze(2)")]
    [InlineData(new long[] { 4, 1 }, new long[] { 5 }, Real, "Let the model end in as many outputs")]
    [InlineData(new long[] { 5 }, new long[] { 4, 1 }, Real, "Let the model end in as many outputs")]
    [InlineData(new long[] { 4, 3 }, new long[] { 4 }, Whole, "Use Losses.CrossEntropy and Accuracy")]
    [InlineData(new long[] { 4, 3 }, new long[] { 2, 2, 2 }, Whole, "Let the model end in as many outputs")]
    [InlineData(new long[] { 2, 2, 2 }, new long[] { 4 }, Whole, "Let the model end in as many outputs")]
    [InlineData(new long[] { 4, 3 }, new long[] { 4 }, Real, "Let the model end in as many outputs")]
    [InlineData(new long[] { 4, 3 }, new long[] { 3, 4 }, Real, "Reshape one of them.")]
    [InlineData(new long[] { 4, 3 }, new long[] { 12 }, Real, "Reshape one of them.")]
    [InlineData(new long[] { 2, 2, 1 }, new long[] { 4 }, Real, "Reshape one of them.")]
    public void Same(long[] outputs, long[] targets, ScalarType type, string advice) =>
        Refused(() => TargetShapes.CheckSame("m", zeros(outputs), zeros(targets, type)), outputs, targets, type, advice);

    [Fact]
    public void FittingShapes_PassSilently()
    {
        using var scope = NewDisposeScope();
        TargetShapes.CheckLabels("m", zeros(1, 2), zeros(1, dtype: Whole));
        TargetShapes.CheckLabels("m", zeros(3, 5), zeros(3, dtype: ScalarType.Byte));
        TargetShapes.CheckSame("m", zeros(1), zeros(1, dtype: Whole));
        TargetShapes.CheckSame("m", zeros(2, 3), zeros(2, 3));
        Assert.False(TargetShapes.AreLabels(zeros(3, 1), zeros(3)));
        Assert.Null(TargetShapes.EmptyFix(zeros(0), zeros(Array.Empty<long>())));
        Assert.Null(TargetShapes.EmptyFix(zeros(Array.Empty<long>()), zeros(0)));
    }

    private static void Refused(Action check, long[] outputs, long[] targets, ScalarType type, string advice)
    {
        using var scope = NewDisposeScope();
        string message = Assert.Throws<ShapeMismatchException>(check).Message;
        Assert.Contains(
            $"but received outputs [{string.Join(", ", outputs)}] and {type} targets [{string.Join(", ", targets)}]. {advice}",
            message,
            StringComparison.Ordinal
        );
    }
}
