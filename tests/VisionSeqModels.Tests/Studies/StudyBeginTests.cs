using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a study looks at before it trains, and what one that is refused leaves.</summary>
[Collection("Torch")]
public sealed class StudyBeginTests : IDisposable
{
    private static readonly StudyPlan<int> Plan = StudyPlan.List(("a", 1));
    private readonly TempFolder _folder = new();
    private readonly TinyData _data = new(8);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void MissingArguments_AreNamed()
    {
        Assert.Throws<ArgumentNullException>("folder", () => Study.Run(null!, Plan, (_, _) => Trial(), Data));
        Assert.Throws<ArgumentException>("folder", () => Study.Run(" ", Plan, (_, _) => Trial(), Data));
        Assert.Throws<ArgumentNullException>("plan", () => Study.Run<int>(_folder["s"], null!, (_, _) => Trial(), Data));
        Assert.Throws<ArgumentNullException>("make", () => Study.Run(_folder["s"], Plan, null!, Data));
        Assert.Throws<ArgumentNullException>("data", () => Study.Run(_folder["s"], Plan, (_, _) => Trial(), null!));
        Assert.False(Directory.Exists(_folder["s"]));
    }

    [Fact]
    public void FaultyOptions_AreRefused_BeforeATrialIsMade()
    {
        var faults = Assert.Throws<InvalidOptionsException>(() => Run(Plan, new StudyOptions { Question = " " }, NoTrial)).Faults;
        Assert.StartsWith("Question ", Assert.Single(faults), StringComparison.Ordinal);
        var onTest = new StudyOptions { Monitor = "test_accuracy" }; // of folds, which are the validation data here
        faults = Assert.Throws<InvalidOptionsException>(() => Run(Plan.WithFolds(2), onTest, NoTrial)).Faults;
        Assert.StartsWith("Monitor ", Assert.Single(faults), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["s"]));
    }

    [Fact]
    public void RefusedStudy_LeavesNoFolder_WhereItMadeIt()
    {
        Refuse(Trial);
        Assert.False(Directory.Exists(_folder["s"]));
        Directory.CreateDirectory(_folder["s"]);
        Refuse(Trial);
        Assert.True(Directory.Exists(_folder["s"]));
    }

    [Fact]
    public void RefusedStudy_LeavesWhatOthersWroteMeanwhile()
    {
        Refuse(() =>
        {
            File.WriteAllText(_folder["s/notes.txt"], "mine");
            return Trial();
        });
        Assert.Equal("mine", File.ReadAllText(_folder["s/notes.txt"]));
    }

    [Fact]
    public void FolderInUse_IsRefused_ButWorkersOfALedgerUseItTogether()
    {
        using var held = RunDirectory.Lock(_folder["s"]);
        Assert.Contains(
            "is in use by another run",
            Assert.Throws<IOException>(() => Run(Plan, new StudyOptions(), NoTrial)).Message,
            StringComparison.Ordinal
        );
        var shared = new StudyOptions { ParallelTrials = 1, Ledger = new LogLedger(new ClockedStore()) };
        var study = Study.Run(
            _folder["s"],
            Plan,
            (_, _) => Trial(),
            Data,
            shared,
            cancellationToken: new CancellationToken(true)
        );
        Assert.Equal(StopReason.Running, Assert.Single(study.Trials).Outcome);
    }

    private FitData Data => new() { Train = _data, Test = _data };

    private void Refuse(Func<StudyTrial> make) =>
        Assert.Throws<InvalidOptionsException>(() =>
            Run(Plan, new StudyOptions { ParallelTrials = 1, Monitor = "test_nothing" }, make)
        );

    private Study Run(StudyPlan<int> plan, StudyOptions options, Func<StudyTrial> make) =>
        Study.Run(_folder["s"], plan, (_, _) => make(), Data, options);

    private static StudyTrial NoTrial() => throw new NotSupportedException("It is not asked for.");

    private static StudyTrial Trial() =>
        new()
        {
            Model = TinyModel.Create(),
            Options = new TrainerOptions { Epochs = 1, Device = "cpu" },
        };
}
