using System.Text.Json.Nodes;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a study does with each of its trials, which train for a step at most.</summary>
[Collection("Torch")]
public sealed class TrialOfAStudyTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TinyData _data = new(8);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void TrialThatIsStopped_SaysWhy_AndKeepsItsSetup()
    {
        var heard = new List<StudyProgress>();
        var stopping = new TracingCallback([]) { At = "StepEnd 1", Act = context => context.RequestStop("enough") };
        Run(["a"], _ => Trial(stopping), new StudyOptions { Progress = FailingStudy.Hear(heard) });
        Assert.Equal(
            (TrialEvent.Ended, StopReason.StoppedEarly, "enough"),
            (heard[^1].Event, heard[^1].Outcome, heard[^1].Reason)
        );
        var setup = JsonNode.Parse(File.ReadAllText(_folder["s/001_a_seed1/trial.json"]))!;
        Assert.Equal(("a", 1), ((string?)setup["trial"]!["setting"], (long?)setup["trainer"]!["seed"]));
    }

    [Fact]
    public void TrialWithoutTheMetricThatIsCompared_Fails()
    {
        var study = Run(
            ["a", "b"],
            setting => Trial() with { Options = Options with { Metrics = setting == 0 ? [new Accuracy()] : [] } }
        );
        Assert.Equal("test_accuracy", study.Monitor);
        Assert.Equal([StopReason.Completed, StopReason.Failed], study.Trials.Select(trial => trial.Outcome));
        Assert.Contains("test_accuracy", study.Trials[1].Reason, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["s/002_b_seed1/run.json"]));
    }

    [Fact]
    public void WithoutAListener_NobodyIsReportedTo()
    {
        var study = Run(["a"], _ => Trial());
        Assert.Equal(StopReason.Completed, study.Trials[0].Outcome);
        Assert.Empty(study.Trials[0].History!.Warnings);
    }

    [Fact]
    public void DataThatGivesTheSecondTrialNothing_EndsTheStudy()
    {
        var data = new FitData { Train = BatchSource.From("used up", _ => []) };
        var error = Assert.ThrowsAny<InvalidOperationException>(() => Run(["a", "b"], _ => Trial(), data: data));
        Assert.StartsWith(
            "The data 'used up' gives no batch to the trial 'b, seed 1', after 'a, seed 1' has read it",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private static TrainerOptions Options { get; } =
        new()
        {
            Epochs = 1,
            BatchSize = 8,
            Device = "cpu",
        };

    private Study Run(string[] names, Func<int, StudyTrial> make, StudyOptions? options = null, FitData? data = null) =>
        FailingStudy.Run(
            _folder["s"],
            FailingStudy.List(names),
            options ?? new StudyOptions(),
            make,
            data ?? new FitData { Train = _data, Test = _data }
        );

    private static StudyTrial Trial(params Callback[] callbacks) =>
        new()
        {
            Model = TinyModel.Create(),
            Options = Options,
            Callbacks = callbacks,
        };
}
