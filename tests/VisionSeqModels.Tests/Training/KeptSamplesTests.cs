using TorchSharp;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>Metrics that keep their samples, the library's and a user's own: in fit, evaluation, logs, and a resumed
/// run.</summary>
[Collection("Torch")]
public sealed class KeptSamplesTests
{
    private static readonly Metric[] Metrics =
    [
        new Accuracy(),
        AreaUnderRoc.MultiClass(2),
        AveragePrecision.MultiClass(2, Averaging.Weighted),
        new MedianConfidence(),
        .. TopKAccuracy.ForEach(1, 2),
        .. AreaUnderRoc.PerClass(2),
    ];

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(13)]
    public void ResumeWithinAnEpoch_GivesTheSameBits_LogsIncluded(int stopAt)
    {
        using var folder = new TempFolder();
        var whole = new Log(stopAt: null);
        Fit(folder["whole"], whole);
        var first = new Log(stopAt);
        Fit(folder["parts"], first);
        var second = new Log(stopAt: null);
        var resumed = Fit(folder["parts"], second);
        Assert.True(first.Values.Count > 0 || stopAt == 3);
        Assert.Equal(whole.Values, first.Values.Concat(second.Values));
        Assert.Equal(Rows(folder["whole"]), Rows(folder["parts"]));
        Assert.Contains("train_median_confidence", resumed.MetricNames);
        Assert.Contains("test_auroc_macro", resumed.MetricNames);
    }

    [Fact]
    public void TrainingAndTestMetric_AreThoseOfAllSamplesOfTheirEpoch()
    {
        using var data = new TinyData(50);
        using var model = TinyModel.Create();
        var seen = new Seen();
        var options = Options(null) with { Epochs = 2, LogEverySteps = null, SaveStateEverySteps = null };
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var history = new Trainer(options) { Callbacks = { seen } }.Fit(model, data, data);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(seen.Medians, history["train_median_confidence"]);

        using var scope = NewDisposeScope();
        var scores = new Trainer(options).Predict(model, data);
        var positive = data.Targets.eq(1);
        var pairs =
            scores.softmax(1).select(1, 1)[positive].unsqueeze(1) - scores.softmax(1).select(1, 1)[positive.logical_not()];
        double area = (pairs.gt(0).to_type(ScalarType.Float64) + (pairs.eq(0).to_type(ScalarType.Float64) / 2)).mean().ToDouble();
        Assert.Equal(area, history["test_auroc_macro"][^1], 1e-6);
        var evaluated = new Trainer(options with { EvaluationBatchSize = 7 }).Evaluate(model, data);
        Assert.Equal(history["test_auroc_macro"][^1], evaluated.Metrics["auroc_macro"], 1e-12);
        Assert.Equal(history["test_median_confidence"][^1], evaluated.Metrics["median_confidence"], 1e-6);
        Assert.Equal(evaluated.Metrics["auroc_class0"], evaluated.Metrics["auroc_class1"], 1e-12);
    }

    [Fact]
    public void OneClassAlone_IsNaN_AndTrainingContinues()
    {
        using var data = new TinyData(20);
        data.Targets.fill_(1);
        using var model = TinyModel.Create();
        var history = new Trainer(Options(null) with { Epochs = 2 }).Fit(model, data, data);
        Assert.Equal(StopReason.Completed, history.StopReason);
        Assert.All(history["test_auroc_macro"], value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void KeptRows_HaveNoGraph_AndAreCopies()
    {
        using var scope = NewDisposeScope();
        using var kept = new KeptSamples("rows");
        var rows = ones(2, 3).requires_grad_();
        kept.Add(rows * 2);
        var view = zeros(1, 3);
        kept.Add(view);
        view.fill_(5);
        Assert.All(kept.Pending, tensor => Assert.False(tensor.requires_grad));
        Assert.Equal([0, 0, 0], kept.Pending[1].data<float>().ToArray());
        kept.Take([2, 2, 2, 2, 2, 2, 0, 0, 0]);
        var numbers = kept.Numbers;
        kept.Take([1, 1, 1]);
        Assert.Equal((9, 12), (numbers.Length, kept.Numbers.Length));
        Assert.Empty(kept.Pending);
    }

    [Fact]
    public void TooManyNumbers_AndRowsOfOtherWidths_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var kept = new KeptSamples("rows", limit: 6);
        kept.Add(zeros(1, 3));
        string width = Assert.Throws<ArgumentException>(() => kept.Add(zeros(1, 2))).Message;
        Assert.Contains(
            "Measure must return a row for each of them, [rows, 3], but it returned [1, 2].",
            width,
            StringComparison.Ordinal
        );
        string limit = Assert.Throws<InvalidOperationException>(() => kept.Add(zeros(2, 3))).Message;
        Assert.Contains("'rows' would keep 9 numbers, but at most 6 fit.", limit, StringComparison.Ordinal);
    }

    [Fact]
    public void StateThatIsSavedBeforeARead_HasTheNewestRows()
    {
        using var scope = NewDisposeScope();
        using var totals = new MetricTotals(Losses.CrossEntropy(), Metrics, CPU, new HostReader());
        totals.Add(rand(4, 2), tensor(new long[] { 0, 1, 1, 0 }), 4, zeros([]));
        var saved = totals.Save().ToDictionary(entry => entry.Key, entry => entry.Value);
        totals.Add(rand(4, 2), tensor(new long[] { 0, 1, 1, 0 }), 4, zeros([]));
        saved = totals.Save().ToDictionary(entry => entry.Key, entry => entry.Value);
        using var others = new MetricTotals(Losses.CrossEntropy(), Metrics, CPU, new HostReader());
        others.Load(saved, 8);
        Assert.Equal(totals.Read().ByName(""), others.Read().ByName(""));
    }

    private static TrainerOptions Options(string? folder) =>
        new()
        {
            Epochs = 3,
            BatchSize = 8,
            Seed = 5,
            Device = "cpu",
            Metrics = Metrics,
            RunDirectory = folder,
            LogEverySteps = 2,
            SaveStateEverySteps = 1,
        };

    private static TrainingHistory Fit(string folder, Log log)
    {
        using var data = new TinyData(50);
        using var test = new TinyData(30, seed: 3);
        using var model = TinyModel.Create(dropout: 0.2);
        var trainer = new Trainer(Options(folder)) { Callbacks = { log } };
        return RunDirectory.CanResume(folder)
            ? trainer.Resume(folder, model, data, test)
            : trainer.Fit(model, data, test, log.Source.Token);
    }

    private static IEnumerable<string> Rows(string folder) =>
        File.ReadLines(Path.Combine(folder, "metrics.csv")).Select(line => string.Join(',', line.Split(',')[..^2]));

    /// <summary>A metric as a user writes it: the median needs all samples together.</summary>
    private sealed class MedianConfidence : Metric
    {
        public override string Name => "median_confidence";

        public override bool KeepsSamples => true;

        public override Tensor Measure(Tensor outputs, Tensor targets) => outputs.softmax(1).max(1).values;

        public override double Compute(ReadOnlySpan<double> total, long sampleCount)
        {
            double[] sorted = total.ToArray();
            Array.Sort(sorted);
            return sorted[sorted.Length / 2];
        }
    }

    private sealed class Log(int? stopAt) : Callback
    {
        public CancellationTokenSource Source { get; } = new();

        public List<string> Values { get; } = [];

        public override void OnStepEnd(StepEndEvent e)
        {
            if (e.Logged is not null)
            {
                Values.Add(
                    string.Join(';', e.Logged.Select(entry => $"{entry.Key}={BitConverter.DoubleToInt64Bits(entry.Value)}"))
                );
            }

            if (e.Step == stopAt)
            {
                Source.Cancel();
            }
        }
    }

    private sealed class Seen : Callback
    {
        private readonly List<double> _confidences = [];

        public List<double> Medians { get; } = [];

        public override void OnStepEnd(StepEndEvent e)
        {
            using var scope = NewDisposeScope();
            _confidences.AddRange(e.Outputs.detach().softmax(1).max(1).values.data<float>().Select(value => (double)value));
        }

        public override void OnEpochEnd(EpochEndEvent e)
        {
            Medians.Add(new MedianConfidence().Compute([.. _confidences], _confidences.Count));
            _confidences.Clear();
        }
    }
}
