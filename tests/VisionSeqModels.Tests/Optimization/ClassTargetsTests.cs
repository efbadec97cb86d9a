using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Targets of losses over classes: which are refused with which advice, what metrics compare with, and class
/// weights.</summary>
[Collection("Torch")]
public sealed class ClassTargetsTests
{
    private const string Advice = "Give one label a sample, or a probability for each class.";
    private const string NoBatch = "Give the targets the batch's dimension: one label a sample, of shape [batch].";
    private const string OtherBatch = "Their numbers of samples differ: let the model keep the first dimension";
    private const string OtherModel = "Let the model end in one score a class, or give TrainerOptions another Loss.";

    private static readonly double[,] Numbers =
    {
        { 1, 2, 3 },
        { 0.5, -1, 0 },
    };

    [Theory]
    [InlineData(new long[] { 4, 3 }, new long[] { 4, 2 }, ScalarType.Float32, Advice)]
    [InlineData(new long[] { 4, 3 }, new long[] { 4, 2 }, ScalarType.Int64, Advice)]
    [InlineData(new long[] { 4, 3 }, new long[] { 3 }, ScalarType.Int64, OtherBatch)]
    [InlineData(new long[] { 4, 3 }, new long[] { 5, 3 }, ScalarType.Float32, OtherBatch)]
    [InlineData(new long[] { 4, 3 }, new long[0], ScalarType.Int64, NoBatch)]
    [InlineData(new long[] { 1, 3 }, new long[0], ScalarType.Int64, NoBatch)]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 2 }, ScalarType.Int64, OtherModel)]
    [InlineData(new long[] { 2, 3, 4 }, new long[0], ScalarType.Int64, OtherModel)]
    [InlineData(new long[] { 0, 3 }, new long[] { 0, 3 }, ScalarType.Float32, "Leave out batches without samples")]
    [InlineData(new long[] { 4, 1 }, new long[] { 4, 1 }, ScalarType.Float32, "Use Losses.BinaryCrossEntropyWithLogits for one")]
    [InlineData(new long[] { 4, 3 }, new long[] { 4 }, ScalarType.Int32, "Cast the labels")]
    public void OtherShapes_AreRefused_WithWhatToDo(long[] outputs, long[] targets, ScalarType type, string advice)
    {
        using var scope = NewDisposeScope();
        foreach (var loss in new[] { Losses.CrossEntropy(), Losses.Focal() })
        {
            string message = Assert
                .Throws<ShapeMismatchException>(() => loss.Compute(zeros(outputs), zeros(targets, dtype: type)))
                .Message;
            Assert.Contains(
                "expects scores [batch, classes] and int64 labels [batch] or probabilities [batch, classes], but received",
                message,
                StringComparison.Ordinal
            );
            Assert.Contains(advice, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ClassWeights_AreOneForEachClass()
    {
        using var scope = NewDisposeScope();
        foreach (var loss in new[] { Losses.CrossEntropy(classWeights: [1, 2]), Losses.Focal(classWeights: [1, 2]) })
        {
            string message = Assert
                .Throws<ShapeMismatchException>(() => loss.Compute(zeros(2, 3), zeros(2, dtype: ScalarType.Int64)))
                .Message;
            Assert.Contains("expects scores of 2 classes for its 2 class weights", message, StringComparison.Ordinal);
            Assert.EndsWith("Give one weight for each class.", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ClassWeights_KeepTheirDigits_InDoublePrecision()
    {
        using var scope = NewDisposeScope();
        double[] weights = [0.1, 0.7, 0.3];
        int[] labels = [2, 0];
        double expected =
            labels.Select((label, i) => weights[label] * Error(i, label)).Sum() / labels.Sum(label => weights[label]);
        var loss = Losses.CrossEntropy(classWeights: weights);
        Assert.Equal(expected, loss.Compute(tensor(Numbers), tensor(new long[] { 2, 0 })).ToDouble(), 1e-14);
    }

    [Fact]
    public void ClassWeights_CountForProbabilitiesToo()
    {
        using var scope = NewDisposeScope();
        double[] weights = [1, 2, 0.5];
        double[,] soft =
        {
            { 0.7, 0.3, 0 },
            { 0.2, 0.2, 0.6 },
        };
        double expected = Enumerable.Range(0, 6).Select(i => weights[i % 3] * soft[i / 3, i % 3] * Error(i / 3, i % 3) / 2).Sum();
        foreach (var loss in new[] { Losses.CrossEntropy(classWeights: weights), Losses.Focal(0, weights) })
        {
            Assert.Equal(expected, loss.Compute(tensor(Numbers), tensor(soft)).ToDouble(), 1e-14);
        }
    }

    [Fact]
    public void Metrics_CompareWithTheMostProbableClass_OrTheLabels()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 2, 0 });
        var soft = tensor(new[] { 0.1f, 0.6f, 0.3f, 0.5f, 0.2f, 0.3f }).reshape(2, 3);
        foreach (var loss in new[] { Losses.CrossEntropy(), Losses.Focal() })
        {
            Assert.Same(labels, loss.MetricTargets(labels));
            Assert.Equal([1L, 0L], loss.MetricTargets(soft).data<long>().ToArray());
        }
    }

    [Fact]
    public void IgnoredLabels_WeighNothing_AndProbabilitiesWeighAlike()
    {
        using var scope = NewDisposeScope();
        foreach (var loss in new[] { Losses.CrossEntropy(ignoreIndex: 1), Losses.Focal(ignoreIndex: 1) })
        {
            Assert.Equal(2, loss.TotalWeight(tensor(new long[] { 0, 1, 2 }))!.ToDouble());
            Assert.Null(loss.TotalWeight(zeros(2, 3)));
        }

        Assert.Null(Losses.CrossEntropy().TotalWeight(tensor(new long[] { 0, 1, 2 })));
    }

    [Theory]
    [InlineData(new long[] { 2 })]
    [InlineData(new long[] { 3, 2 })]
    [InlineData(new long[] { 2, 3, 2 })]
    public void PositiveWeights_AreForTheLastDimension(long[] shape)
    {
        using var scope = NewDisposeScope();
        // of a score of 0, each positive costs its weight times ln 2
        double value = Losses.BinaryCrossEntropyWithLogits([1, 4]).Compute(zeros(shape), ones(shape)).ToDouble();
        Assert.Equal(2.5 * Math.Log(2), value, 1e-6);
    }

    /// <summary>The negative logarithm of a label's probability.</summary>
    private static double Error(int row, int label) =>
        Math.Log(Enumerable.Range(0, 3).Sum(i => Math.Exp(Numbers[row, i]))) - Numbers[row, label];
}
