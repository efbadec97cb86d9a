using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A trial whose metric is undefined, or that diverged or failed, is never the best; the report says why, and paired
/// tests leave it out.</summary>
[Collection("Torch")]
public sealed class UndefinedMetricTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(double.NaN, "completed", "test_accuracy is NaN after epoch 3")]
    [InlineData(double.PositiveInfinity, "completed", "test_accuracy is infinite after epoch 3")]
    [InlineData(double.NegativeInfinity, "completed", "test_accuracy is infinite after epoch 3")]
    [InlineData(double.NaN, "stopped_early", "test_accuracy is NaN after epoch 3")]
    [InlineData(null, "completed", "no metric named test_accuracy was recorded; there are train_loss, test_loss")]
    [InlineData(0.99, "non_finite", "diverged")]
    [InlineData(0.99, "failed", "failed")]
    [InlineData(0.99, "cancelled", "cancelled")]
    [InlineData(0.99, "running", "not over")]
    public void TrialWithoutAResult_IsNeverTheBest_AndSaysWhy(double? last, string status, string reason)
    {
        var study = new MadeUpStudy(_folder.Root);
        study.Add(
            "odd",
            Factor("1"),
            1,
            3,
            epoch =>
                last is null ? [("train_loss", 0.1), ("test_loss", 0.1)]
                : epoch < 3 ? [("train_loss", 0.1), ("test_loss", 0.1), ("test_accuracy", 0.99)]
                : [("train_loss", 0.1), ("test_loss", 0.1), ("test_accuracy", last.Value)],
            json => (json["status"], json["seconds"]) = (status, 0.1)
        );
        study.Add("sound", Factor("2"), 1, 3, _ => [("train_loss", 1), ("test_loss", 1), ("test_accuracy", 0.5)]);
        study.Add("worse", Factor("3"), 1, 3, _ => [("train_loss", 2), ("test_loss", 2), ("test_accuracy", 0.4)]);
        var opened = study.Open();
        var report = opened.Report();

        Assert.Null(opened.Trials[0].Score);
        Assert.Equal(0.5, opened.Trials[1].Score);
        Assert.StartsWith(
            "The best final test accuracy is that of “sound”: 0.5000.",
            report.Conclusion.Best,
            StringComparison.Ordinal
        );
        Assert.Equal(["sound", "worse", "odd"], report.Summary.Ranked.Select(setting => setting.Name));
        for (int column = 0; column < report.Table.Columns.Count; column++)
        {
            Assert.False(report.Table.IsBest(0, column), report.Table.Columns[column]);
        }

        opened.WriteReport();
        string markdown = File.ReadAllText(_folder["report.md"]);
        Assert.Contains(reason, markdown, StringComparison.Ordinal);
        bool undefined = status is "completed" or "stopped_early";
        Assert.Equal(undefined, markdown.Contains("| undefined |", StringComparison.Ordinal));
        Assert.Equal(undefined, File.ReadAllText(_folder["report.html"]).Contains(">undefined</td>", StringComparison.Ordinal));
    }

    [Fact]
    public void WhereLowerIsBetter_NaNIsNotTheLeast()
    {
        var study = new MadeUpStudy(_folder.Root) { Monitor = "test_loss" };
        study.Add("odd", Factor("1"), 1, 2, _ => [("train_loss", 1), ("test_loss", double.NaN)]);
        study.Add("sound", Factor("2"), 1, 2, _ => [("train_loss", 1), ("test_loss", 3)]);
        Assert.Contains("that of “sound”: 3.0000.", study.Open().Report().Conclusion.Best, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingButUndefined_HasNoBest_AndSaysSo()
    {
        var study = new MadeUpStudy(_folder.Root);
        study.Add("a", Factor("1"), 1, 2, _ => [("train_loss", 1), ("test_accuracy", double.NaN)]);
        Assert.Equal("No trial has ended with a test accuracy that is defined.", study.Open().Report().Conclusion.Best);
    }

    [Fact]
    public void PairedTests_LeaveOutWhatHasNoResult_WithItsPartner_AndSaySo()
    {
        var study = new MadeUpStudy(_folder.Root);
        double[] first = [0.5, 0.51, 0.52, 0.53],
            second = [0.6, 0.62, double.NaN, 0.66];
        for (int i = 0; i < 4; i++)
        {
            (double a, double b) = (first[i], second[i]);
            study.Add("a", Factor("1"), i + 1, 2, _ => [("train_loss", 1), ("test_accuracy", a)]);
            study.Add("b", Factor("2"), i + 1, 2, _ => [("train_loss", 1), ("test_accuracy", b)]);
        }

        var report = study.Open().Report();
        string p = MetricFormat.P(new PairedSample([0.1, 0.11, 0.13]).P!.Value);
        int column = report.Table.Columns.ToList().IndexOf("against “a”");
        Assert.Equal($"better, p = {p} (3 of 4 pairs)", report.Table.Cells[1][column]);
        Assert.Contains(
            "that of “b”: 0.6267 ± 0.0306 (over 3 of its 4 trials).",
            report.Conclusion.Best,
            StringComparison.Ordinal
        );
        Assert.Contains($"(p = {p})", report.Conclusion.Best, StringComparison.Ordinal);
        Assert.EndsWith(
            "Left out with its pair: b, seed 3 (undefined).",
            report.Conclusion.Factors[0].Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TooFewPairs_CannotTell_AndSayHowMany()
    {
        var study = new MadeUpStudy(_folder.Root);
        foreach (int seed in new[] { 1, 2 })
        {
            study.Add("a", Factor("1"), seed, 2, _ => [("train_loss", 1), ("test_accuracy", 0.5)]);
            study.Add("b", Factor("2"), seed, 2, _ => [("train_loss", 1), ("test_accuracy", seed == 1 ? 0.4 : double.NaN)]);
        }

        var conclusion = study.Open().Conclusion;
        Assert.EndsWith(
            "Too few pairs of trials have a result to say anything about chance.",
            conclusion.Best,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "-0.1000. Only 1 of 2 pairs has a result, which says nothing about chance. Left out",
            conclusion.Factors[0].Sentence,
            StringComparison.Ordinal
        );
    }

    /// <summary>A run whose metric became NaN, from training to the report.</summary>
    [Fact]
    public void RealTrialWithAnUndefinedMetric_IsUndefined()
    {
        using var data = new TinyData(64);
        var study = Study.Run(
            _folder["s"],
            StudyPlan.List(("odd", double.NaN), ("sound", 2.0)),
            (last, _) =>
                new StudyTrial
                {
                    Model = TinyModel.Create(),
                    Options = new TrainerOptions
                    {
                        Epochs = 2,
                        Device = "cpu",
                        Metrics = [new Scripted(1, last)],
                    },
                },
            new FitData { Train = data, Test = data },
            new StudyOptions { Monitor = "test_scripted", HigherIsBetter = false }
        );
        Assert.Equal((StopReason.Completed, null), (study.Trials[0].Outcome, study.Trials[0].Score));
        Assert.Equal("test_scripted is NaN after epoch 2", study.Trials[0].Reason);
        Assert.Equal(2.0, study.Trials[1].Score);
    }

    private static Dictionary<string, string> Factor(string value) => new() { ["rate"] = value };
}
