using VisionSeqModels.Torch;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Metrics;

/// <summary>Shapes of outputs and targets, for every loss and metric of the library: nothing is broadcast, and the message
/// names the loss or metric, both shapes and the fix.</summary>
[Collection("Torch")]
public sealed class ShapeContractTests(ITestOutputHelper output)
{
    /// <summary>Outputs, targets, dtype of the targets, and what the fix says.</summary>
    private static readonly (string Outputs, string Targets, ScalarType Type, string Fix)[] WrongForLabels =
    [
        ("[4]", "[4]", ScalarType.Int64, "Binary"),
        ("[4, 1]", "[4]", ScalarType.Int64, "Binary"),
        ("[4, 1]", "[4, 1]", ScalarType.Int64, "Binary"),
        ("[4, 1]", "[4, 1]", ScalarType.Float32, "Binary"),
        ("[4, 1]", "[4]", ScalarType.Float32, "Binary"),
        ("[4, 3]", "[4, 1]", ScalarType.Int64, "squeeze(1)"),
        ("[4, 3]", "[4]", ScalarType.Float32, "to_type(ScalarType.Int64)"),
        ("[4, 3]", "[3]", ScalarType.Int64, "TrainerOptions"),
        ("[4, 3]", "[1]", ScalarType.Int64, "TrainerOptions"),
        ("[4, 3]", "[4, 3]", ScalarType.Int64, "argmax(1)"),
        ("[4, 3]", "[4, 2]", ScalarType.Float32, "label"),
        ("[2, 3, 4, 4]", "[2, 4, 4]", ScalarType.Int64, "For a label at each position"),
        ("[2, 3, 4, 4]", "[2]", ScalarType.Int64, "one score a class"),
        ("[0, 3]", "[0]", ScalarType.Int64, "Leave out batches without samples"),
    ];

    private static readonly (string Outputs, string Targets, ScalarType Type, string Fix)[] WrongForElements =
    [
        ("[4, 1]", "[4]", ScalarType.Float32, "unsqueeze(1)"),
        ("[4, 1]", "[4]", ScalarType.Int64, "unsqueeze(1)"),
        ("[4]", "[4, 1]", ScalarType.Float32, "squeeze(1)"),
        ("[4, 3]", "[4]", ScalarType.Int64, "Losses.CrossEntropy"),
        ("[4, 3]", "[4]", ScalarType.Float32, "as many outputs"),
        ("[4, 3]", "[3]", ScalarType.Float32, "as many outputs"),
        ("[4, 3]", "[1, 3]", ScalarType.Float32, "as many outputs"),
        ("[4, 3]", "[4, 2]", ScalarType.Float32, "as many outputs"),
        ("[4, 6]", "[4, 2, 3]", ScalarType.Float32, "Reshape"),
        ("[2, 1, 4, 4]", "[2, 4, 4]", ScalarType.Float32, "Reshape"),
        ("[2, 3, 4, 4]", "[2, 4, 4]", ScalarType.Int64, "as many outputs"),
        ("[0, 3]", "[0, 3]", ScalarType.Float32, "Leave out batches without samples"),
        ("[0, 1]", "[0]", ScalarType.Float32, "Leave out batches without samples"),
    ];

    [Theory]
    [MemberData(nameof(LossAndMetricCatalog.LossNames), MemberType = typeof(LossAndMetricCatalog))]
    public void Loss_RefusesEveryWrongShape(string name)
    {
        var loss = LossAndMetricCatalog.Losses[name];
        string title = loss.Name == "cross_entropy" ? "Cross-entropy" : $"Losses.{name.Split('(')[0]}";
        Refuses([title], LossAndMetricCatalog.TakesLabels(loss), loss.Compute);
    }

    [Theory]
    [MemberData(nameof(LossAndMetricCatalog.MetricNames), MemberType = typeof(LossAndMetricCatalog))]
    public void Metric_RefusesEveryWrongShape(string name)
    {
        var metric = LossAndMetricCatalog.Metrics[name];
        Refuses([metric.Name, metric.GetType().Name], LossAndMetricCatalog.TakesLabels(metric), metric.Measure);
    }

    /// <summary>In a fit with another loss: before any weight has moved.</summary>
    [Theory]
    [MemberData(nameof(LossAndMetricCatalog.MetricNames), MemberType = typeof(LossAndMetricCatalog))]
    public void Metric_RefusesBeforeTheFirstStep(string name) =>
        RefusesInFit(
            new TrainerOptions
            {
                Loss = Losses.From("own", (outputs, targets) => (outputs.squeeze(1) - targets).square().mean()),
                Metrics = [LossAndMetricCatalog.Metrics[name]],
            }
        );

    [Theory]
    [MemberData(nameof(LossAndMetricCatalog.LossNames), MemberType = typeof(LossAndMetricCatalog))]
    public void Loss_RefusesBeforeTheFirstStep(string name) =>
        RefusesInFit(new TrainerOptions { Loss = LossAndMetricCatalog.Losses[name] });

    /// <summary>Where no metric is named, the loss's own takes the loss's targets.</summary>
    [Theory]
    [MemberData(nameof(LossAndMetricCatalog.LossNames), MemberType = typeof(LossAndMetricCatalog))]
    public void DefaultMetric_FitsTheLoss(string name)
    {
        using var scope = NewDisposeScope();
        var loss = LossAndMetricCatalog.Losses[name];
        var metrics = new TrainerOptions { Loss = loss }.Metrics;
        Assert.NotEmpty(metrics);
        var outputs = rand(4, 3);
        Tensor[] kinds = LossAndMetricCatalog.TakesLabels(loss)
            ? [LossAndMetricCatalog.Labels(), rand(4, 3).softmax(1)]
            : [rand(4, 3), ones(4, 3, dtype: ScalarType.Int64)];
        foreach (var targets in kinds)
        {
            _ = loss.Compute(outputs, targets);
            Assert.All(metrics, metric => metric.Measure(outputs, loss.MetricTargets(targets)));
        }
    }

    [Fact]
    public void TheCatalogue_HasEveryLossAndMetric()
    {
        output.WriteLine($"{LossAndMetricCatalog.Losses.Count} losses, {LossAndMetricCatalog.Metrics.Count} metrics");
        Assert.True(LossAndMetricCatalog.Losses.Count >= 9);
        Assert.Equal(
            typeof(Trainer).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Metric)) && !type.IsAbstract),
            LossAndMetricCatalog.Metrics.Values.Select(metric => metric.GetType()).Distinct()
        );
    }

    private static void Refuses(string[] titles, bool takesLabels, Func<Tensor, Tensor, Tensor> measure)
    {
        using var scope = NewDisposeScope();
        foreach (var (outputs, targets, type, fix) in takesLabels ? WrongForLabels : WrongForElements)
        {
            var (scores, wanted) = (zeros(Sizes(outputs)), zeros(Sizes(targets), dtype: type));
            string message = Assert.Throws<ShapeMismatchException>(() => measure(scores, wanted)).Message;
            Assert.Contains(titles, title => message.StartsWith($"{title} expects ", StringComparison.OrdinalIgnoreCase));
            Assert.Contains($"received outputs {outputs} and {type} targets {targets}. ", message, StringComparison.Ordinal);
            Assert.Contains(fix, message.Split("]. ")[^1], StringComparison.Ordinal);
        }
    }

    private static void RefusesInFit(TrainerOptions options)
    {
        using var scope = NewDisposeScope();
        using var model = nn.Linear(2, 1);
        byte[] before = model.weight!.bytes.ToArray();
        var batches = new[] { new VisionSeqModels.Data.Batch(rand(4, 2), rand(4)) };
        var trainer = new Trainer(options with { Device = "cpu", Epochs = 1 });
        var error = Assert.ThrowsAny<Exception>(() => trainer.Fit(model, BatchSource.From("wrong", batches)));
        Assert.Contains("received outputs [4, 1] and Float32 targets [4]. ", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, model.weight!.bytes.ToArray());
    }

    private static long[] Sizes(string shape) =>
        [.. shape.Trim('[', ']').Split(',').Select(size => long.Parse(size, System.Globalization.CultureInfo.InvariantCulture))];
}
