using VisionSeqModels.Tests.KnownAnswers;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Metrics;

/// <summary>Metrics of sums: known answers, stored for machines without scikit-learn, and refused shapes.</summary>
[Collection("Torch")]
public sealed class MetricTests
{
    [Fact]
    public void Accuracies_OfKnownAnswers()
    {
        using var scope = NewDisposeScope();
        // predicted 2, 0, 0, 1; labels 2, 1, 0, left out
        var scores = tensor(new float[] { 1, 2, 3, 3, 1, 2, 9, 0, 1, 0, 1, 0 }).reshape(4, 3);
        var labels = tensor(new long[] { 2, 1, 0, -100 });
        Assert.Equal(2 / 3.0, Value(new Accuracy(), scores.narrow(0, 0, 3), labels.narrow(0, 0, 3)));
        Assert.Equal(2 / 3.0, Value(new Accuracy(-100), scores, labels));
        Assert.Equal(2 / 3.0, Value(new TopKAccuracy(2, -100), scores, labels));
        Assert.Equal(1, Value(new TopKAccuracy(3, -100), scores, labels));
        Assert.Equal(["top1_accuracy", "top3_accuracy"], TopKAccuracy.ForEach(1, 3).Select(metric => metric.Name));
        Assert.Equal(2 / 3.0, Value(new F1Score(3, Averaging.Micro, -100), scores, labels), 1e-12);
    }

    [Fact]
    public void BinaryAndMultiLabelAccuracy_OfKnownAnswers()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[] { 0.2f, -1, 0.7f, 0.4f, -3, 2 }).reshape(3, 2);
        var targets = tensor(new long[] { 1, 0, 1, 0, 0, 1 }).reshape(3, 2);
        Assert.Equal(5 / 6.0, Value(new BinaryAccuracy(), scores, targets));
        Assert.Equal(5 / 6.0, Value(new BinaryAccuracy(), scores.reshape(6), targets.reshape(6).to_type(ScalarType.Bool)));
        Assert.Equal(5 / 6.0, Value(new BinaryAccuracy(0.5), scores, targets));
        Assert.Equal(2 / 3.0, Value(new MultiLabelAccuracy(), scores, targets));
        var perLabel = MultiLabelAccuracy.PerLabel(2);
        Assert.Equal(["accuracy_label0", "accuracy_label1"], perLabel.Select(metric => metric.Name));
        Assert.Equal([1, 2 / 3.0], perLabel.Select(metric => Value(metric, scores, targets)));
        Assert.Throws<InvalidOptionsException>(() => new BinaryAccuracy(double.NaN));
    }

    [Fact]
    public void RegressionMetrics_OfKnownAnswers()
    {
        using var scope = NewDisposeScope();
        var (outputs, targets) = (tensor(new[] { 2.5f, 0, 2, 8 }), tensor(new[] { 3, -0.5f, 2, 7 }));
        Assert.Equal(0.5, Value(new MeanAbsoluteError(), outputs, targets), 1e-12);
        Assert.Equal(Math.Sqrt(0.375), Value(new RootMeanSquaredError(), outputs, targets), 1e-12);
        Assert.Equal(0.9486081370449679, Value(new R2Score(), outputs, targets), 1e-12); // scikit-learn's own example
        Assert.Equal(0.9486081370449679, Value(new R2Score(), outputs.unsqueeze(1), targets.unsqueeze(1)), 1e-12);
        var two = (stack([outputs, targets], 1), stack([targets, targets], 1));
        Assert.Equal((0.9486081370449679 + 1) / 2, Value(new R2Score(), two.Item1, two.Item2), 1e-12);
        Assert.Equal(double.NaN, Value(new R2Score(), outputs, full_like(targets, 0.1)));
        Assert.Equal((false, false, true), Better(new MeanAbsoluteError(), new RootMeanSquaredError(), new R2Score()));
    }

    [Fact]
    public void CalibrationError_OfKnownAnswers()
    {
        using var scope = NewDisposeScope();
        // confidences 0.6, 0.6, 0.9, 1.0; right, wrong, right, right; two bins below and above 0.8 of five
        var scores = tensor(new[] { 0.6, 0.4, 0.6, 0.4, 0.1, 0.9, 1, 0 }).reshape(4, 2);
        var labels = tensor(new long[] { 0, 1, 1, 0 });
        double expected = ((2 * Math.Abs(0.6 - 0.5)) + (2 * Math.Abs(0.95 - 1))) / 4;
        Assert.Equal(expected, Value(new CalibrationError(5, fromProbabilities: true), scores, labels), 1e-12);
        Assert.Equal(expected, Value(new CalibrationError(5), scores.log(), labels), 1e-12);
        Assert.Equal(0.5, Value(new CalibrationError(), zeros(4, 2), ones(4, dtype: ScalarType.Int64)), 1e-12);
    }

    /// <summary>Once 21.25 and 0.5.</summary>
    [Theory]
    [InlineData("accuracy", "[8, 1]", "[8, 1]", "Use BinaryAccuracy for one score a sample")]
    [InlineData("accuracy", "[8]", "[8]", "Use BinaryAccuracy for one score a sample")]
    [InlineData("accuracy", "[8, 4]", "[8, 4]", "with argmax(1), or use MultiLabelAccuracy for several labels a sample.")]
    [InlineData("accuracy", "[8, 4]", "[8, 1]", "Drop the targets' last dimension with squeeze(1).")]
    [InlineData("accuracy", "[8, 4]", "[8]", "Cast class labels with to_type(ScalarType.Int64)")]
    [InlineData("accuracy", "[8, 4, 2]", "[8]", "Let the model end in one score a class")]
    [InlineData("top", "[8, 4]", "[8, 4]", "with argmax(1)")]
    [InlineData("calibration", "[8, 1]", "[8]", "Use BinaryAccuracy")]
    [InlineData("binary", "[8, 1]", "[8]", "Give the targets that dimension with unsqueeze(1)")]
    [InlineData("multi-label", "[8, 4]", "[8]", "Let the model end in as many outputs")]
    [InlineData("multi-label", "[8]", "[8]", "or use BinaryAccuracy for any other shape.")]
    [InlineData("absolute", "[8, 1]", "[8]", "with unsqueeze(1)")]
    [InlineData("squared", "[8]", "[8, 1]", "Drop the targets' last dimension with squeeze(1)")]
    [InlineData("r2", "[8, 2, 2]", "[8, 2, 2]", "Flatten them to two dimensions.")]
    public void OtherShapes_AreRefusedWithTheFix(string name, string outputs, string targets, string fix)
    {
        using var scope = NewDisposeScope();
        Metric metric = name switch
        {
            "accuracy" => new Accuracy(),
            "top" => new TopKAccuracy(2),
            "calibration" => new CalibrationError(),
            "binary" => new BinaryAccuracy(),
            "multi-label" => new MultiLabelAccuracy(),
            "absolute" => new MeanAbsoluteError(),
            "squared" => new RootMeanSquaredError(),
            _ => new R2Score(),
        };
        var (scores, wanted) = (zeros(Sizes(outputs)), zeros(Sizes(targets)));
        string message = Assert.Throws<ShapeMismatchException>(() => metric.Measure(scores, wanted)).Message;
        Assert.Contains($"received outputs {outputs} and Float32 targets {targets}. ", message, StringComparison.Ordinal);
        Assert.Contains(fix, message, StringComparison.Ordinal);
    }

    [Fact]
    public void TopK_OfFewerClasses_NamesTheMetricAndTheLargestK()
    {
        using var scope = NewDisposeScope();
        string message = Assert
            .Throws<ShapeMismatchException>(() => new TopKAccuracy(5).Measure(zeros(2, 3), zeros(2, dtype: ScalarType.Int64)))
            .Message;
        Assert.Contains("top5_accuracy expects scores of at least 5 classes", message, StringComparison.Ordinal);
        Assert.Contains("Choose a k of at most 3.", message, StringComparison.Ordinal);
    }

    /// <summary>The trap that docs/extending/metric.md warns of.</summary>
    [Fact]
    public void TorchSharpsSumOfZero_SumsEverything_AndSumOfADimensionDoesNot()
    {
        using var scope = NewDisposeScope();
        var table = ones(2, 3) * 100;
        Assert.Equal((0L, ScalarType.Byte), (table.sum(0).dim(), table.sum(0).dtype));
        Assert.Equal([3L], table.sum(dim: 0).shape);
    }

    private static double Value(Metric metric, Tensor outputs, Tensor targets) =>
        MetricAnswersTests.InBatches(metric, outputs, targets);

    private static (bool, bool, bool) Better(Metric first, Metric second, Metric third) =>
        (first.HigherIsBetter, second.HigherIsBetter, third.HigherIsBetter);

    private static long[] Sizes(string shape) =>
        [.. shape.Trim('[', ']').Split(',').Select(size => long.Parse(size, System.Globalization.CultureInfo.InvariantCulture))];
}
