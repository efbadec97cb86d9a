using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Metrics;

[Collection("Torch")]
public sealed class ClassMetricTests
{
    // True 0,0,0,1,1,2 predicted 0,0,1,1,0,0: class 2 is never predicted.
    private static readonly long[] Actual = [0, 0, 0, 1, 1, 2];
    private static readonly long[] Predicted = [0, 0, 1, 1, 0, 0];

    [Theory]
    [InlineData("precision_class0", 2.0 / 4)]
    [InlineData("precision_class1", 1.0 / 2)]
    [InlineData("precision_class2", 0)]
    [InlineData("recall_class0", 2.0 / 3)]
    [InlineData("recall_class1", 1.0 / 2)]
    [InlineData("recall_class2", 0)]
    [InlineData("f1_class0", 4.0 / 7)]
    [InlineData("precision_macro", (0.5 + 0.5 + 0) / 3)]
    [InlineData("recall_macro", ((2.0 / 3) + 0.5 + 0) / 3)]
    [InlineData("f1_macro", ((4.0 / 7) + 0.5 + 0) / 3)]
    [InlineData("precision_micro", 0.5)]
    [InlineData("f1_micro", 0.5)]
    [InlineData("accuracy", 0.5)]
    public void Metric_OfKnownCounts(string name, double expected)
    {
        Metric[] all =
        [
            .. Precision.PerClass(3),
            .. Recall.PerClass(3),
            .. F1Score.PerClass(3),
            new Precision(3),
            new Recall(3),
            new F1Score(3),
            new Precision(3, Averaging.Micro),
            new F1Score(3, Averaging.Micro),
            new Accuracy(),
        ];
        using var source = new Predictions();
        var result = new Trainer(
            new TrainerOptions
            {
                Metrics = all,
                EvaluationBatchSize = 4,
                Device = "cpu",
            }
        ).Evaluate(source.Model, source); // a short last batch
        Assert.Equal(expected, result.Metrics[name], 1e-12);
    }

    [Fact]
    public void ConfusionMatrix_CountsAndMetrics()
    {
        using var source = new Predictions();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var options = new ConfusionMatrixOptions { ClassNames = ["a", "b", "c"], BatchSize = 4 };
        var matrix = ConfusionMatrix.Measure(source.Model, source, options);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal((2, 1, 0), (matrix[0, 0], matrix[0, 1], matrix[0, 2]));
        Assert.Equal((1, 1, 0), (matrix[1, 0], matrix[1, 1], matrix[1, 2]));
        Assert.Equal((1, 0, 0), (matrix[2, 0], matrix[2, 1], matrix[2, 2]));
        Assert.Equal((6, 0.5, 3), (matrix.Total, matrix.Accuracy, matrix.Support(0)));
        Assert.Equal((0.5, 2.0 / 3, 4.0 / 7), (matrix.Precision(0), matrix.Recall(0), matrix.F1(0)));
        Assert.Equal(((4.0 / 7) + 0.5) / 3, matrix.MacroF1, 1e-12);
        Assert.Contains("accuracy 0.5000 of 6 samples", matrix.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ConfusionMatrix_OfFaultyCounts_SaysSo() =>
        Assert.Contains(
            "2 rows, 3 columns",
            Assert.Throws<ArgumentException>(() => new ConfusionMatrix(new long[2, 3])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void MetricForAnotherClassCount_NamesBothShapes()
    {
        using var source = new Predictions();
        var trainer = new Trainer(new TrainerOptions { Metrics = [new F1Score(5)], Device = "cpu" });
        Assert.Contains(
            "expects scores [batch, 5] and labels [batch], but received scores [6, 3]",
            Assert.Throws<ShapeMismatchException>(() => trainer.Evaluate(source.Model, source)).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>A "model" that returns its inputs, and inputs that are the wanted scores.</summary>
    private sealed class Predictions : IBatchSource, IDisposable
    {
        public nn.Module<Tensor, Tensor> Model { get; } = nn.Sequential(("same", nn.Identity()));

        public string Name => "predictions";

        public long? SampleCount => Actual.Length;

        public IEnumerable<Batch> Read(BatchRequest request)
        {
            for (int begin = 0; begin < Actual.Length; begin += request.BatchSize)
            {
                int end = Math.Min(begin + request.BatchSize, Actual.Length);
                yield return new Batch(
                    nn.functional.one_hot(tensor(Predicted[begin..end]), 3).to_type(ScalarType.Float32),
                    tensor(Actual[begin..end])
                );
            }
        }

        public void Dispose() => Model.Dispose();
    }
}
