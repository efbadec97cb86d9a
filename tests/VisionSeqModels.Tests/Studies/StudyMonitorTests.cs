using VisionSeqModels.Data;
using VisionSeqModels.Studies;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The metric that a study compares by is known before the first trial.</summary>
[Collection("Torch")]
public sealed class StudyMonitorTests : TinyDataTests
{
    [Fact]
    public void MisspelledMonitor_IsOneSentence_BeforeAnythingIsWritten()
    {
        int built = 0;
        var error = Assert.Throws<InvalidOptionsException>(() =>
            Run(new StudyOptions { Monitor = "test_f1" }, () => Trial([new Accuracy(), new F1Score(2)], ref built))
        );
        Assert.Equal(
            "StudyOptions: Monitor must be one of train_loss, train_accuracy, train_f1_macro, test_loss, test_accuracy, "
                + "test_f1_macro, but is 'test_f1'.",
            error.Message
        );
        Assert.False(Directory.Exists(Folder["study"]));
        Assert.Equal(1, built);
    }

    /// <summary>Another trial may measure something else: it fails before it trains, and the others run.</summary>
    [Fact]
    public void TrialWithoutTheMetric_FailsBeforeItTrains()
    {
        int built = 0;
        var study = Run(
            new StudyOptions { Monitor = "test_accuracy", ParallelTrials = 1 },
            () => Trial(built == 1 ? [new F1Score(2)] : [new Accuracy()], ref built)
        );
        Assert.Equal(
            [StopReason.Completed, StopReason.Failed, StopReason.Completed],
            study.Trials.Select(trial => trial.Outcome)
        );
        Assert.Contains("Monitor must be one of train_loss", study.Trials[1].Reason, StringComparison.Ordinal);
        Assert.Equal(3, built);
    }

    [Fact]
    public void ByDefault_AccuracyIsCompared_AndMoreIsBetter() => AssertDefault("test_accuracy", true, [new Accuracy()]);

    [Fact]
    public void WithoutAnAccuracy_TheLossIs_AndLessIsBetter() => AssertDefault("test_loss", false, [new F1Score(2)]);

    /// <summary>A model of values has no accuracy.</summary>
    [Fact]
    public void OfAModelOfValues_TheTestLossIsCompared()
    {
        using var values = new Series();
        var study = Study.Run(
            Folder["values"],
            StudyPlan.List(("a", 4), ("b", 8)),
            (units, seed) =>
                new StudyTrial
                {
                    Model = SequenceModels.Gru(
                        new RecurrentOptions
                        {
                            InputSize = 1,
                            HiddenSize = units,
                            Output = ModelOutput.Values,
                            ValueCount = 1,
                            Seed = seed,
                        }
                    ),
                    Options = new TrainerOptions { Epochs = 1, Device = "cpu" },
                },
            new FitData { Train = values, Test = values }
        );
        Assert.Equal(("test_loss", false), (study.Monitor, study.HigherIsBetter));
        Assert.All(study.Trials, trial => Assert.NotNull(trial.Score));
    }

    [Fact]
    public void Direction_IsTheMetrics()
    {
        int built = 0;
        var study = Run(new StudyOptions { Monitor = "test_loss" }, () => Trial([new Accuracy()], ref built));
        Assert.False(study.HigherIsBetter);
        Assert.Equal(study.Monitor, Run(new StudyOptions(), () => Trial([new Accuracy()], ref built)).Monitor); // resumed
    }

    private void AssertDefault(string monitor, bool higher, Metric[] metrics)
    {
        int built = 0;
        var study = Run(new StudyOptions(), () => Trial(metrics, ref built));
        Assert.Equal((monitor, higher), (study.Monitor, study.HigherIsBetter));
        Assert.All(study.Trials, trial => Assert.NotNull(trial.Score));
    }

    private Study Run(StudyOptions options, Func<StudyTrial> make) =>
        Study.Run(
            Folder["study"],
            StudyPlan.List(("a", 1), ("b", 2), ("c", 3)),
            (_, _) => make(),
            new FitData { Train = Tiny, Test = Tiny },
            options
        );

    private static StudyTrial Trial(Metric[] metrics, ref int built)
    {
        built++;
        return new StudyTrial
        {
            Model = TinyModel.Create(),
            Options = new TrainerOptions
            {
                Epochs = 1,
                Device = "cpu",
                Metrics = metrics,
            },
        };
    }

    /// <summary>Sixteen short sequences, and a number for each.</summary>
    private sealed class Series : IBatchSource, IDisposable
    {
        private readonly Tensor _inputs = ones(16, 5, 1).DetachFromDisposeScope();
        private readonly Tensor _targets = ones(16, 1).DetachFromDisposeScope();

        public string Name => "series";

        public long? SampleCount => 16;

        public IEnumerable<Batch> Read(BatchRequest request)
        {
            yield return new Batch(_inputs.clone(), _targets.clone());
        }

        public void Dispose()
        {
            _inputs.Dispose();
            _targets.Dispose();
        }
    }
}
