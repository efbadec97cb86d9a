using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

[Collection("Torch")]
public sealed class StudyTests
{
    private sealed record Setting
    {
        public int BatchSize { get; init; } = 16;

        public double LearningRate { get; init; } = 0.01;
    }

    private static readonly StudyPlanBuilder<Setting> BatchSizes = StudyPlan
        .From(new Setting())
        .Vary("batch size", [16, 32], (setting, value) => setting with { BatchSize = value });
    private static readonly StudyPlanBuilder<Setting> Both = BatchSizes.Vary(
        "learning rate",
        [0.01, 0.1, 1e38],
        (setting, value) => setting with { LearningRate = value }
    );

    [Fact]
    public void Plans_HaveTheSettingsTheyPromise()
    {
        var one = Both.OneAtATime();
        Assert.Equal(
            ["base", "batch size 32", "learning rate 0.1", "learning rate 1E+38"],
            one.Settings.Select(setting => setting.Name)
        );
        Assert.Equal((16, 0.1), (one.Settings[2].Value.BatchSize, one.Settings[2].Value.LearningRate));
        Assert.Equal("16", one.Settings[2].Factors["batch size"]);
        Assert.Equal(["base", "batch size 32"], BatchSizes.OneAtATime().Settings.Select(setting => setting.Name));
        Assert.Equal(6, Both.Grid().Settings.Select(setting => setting.Value).Distinct().Count());
        Assert.Contains(
            "there twice: a",
            Assert.Throws<ArgumentException>(() => StudyPlan.List(("a", new Setting()), ("a", new Setting()))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Trials_AreTheRunsThatTheyWouldBeAlone_AndADivergedOneIsARow()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        var study = Run(folder["study"], data, Both.OneAtATime());

        Assert.Equal(
            [StopReason.Completed, StopReason.Completed, StopReason.Completed, StopReason.NonFinite],
            study.Trials.Select(row => row.Outcome)
        );
        Assert.Contains(" became ", study.Trials[3].Reason, StringComparison.Ordinal);
        using var model = TinyModel.Create();
        var alone = new Trainer(Make(new Setting { BatchSize = 32 }, 1).Options with { Seed = 1 }).Fit(model, data, data);
        Assert.Equal(alone["test_loss"], study.Trials[1].History!["test_loss"]);
        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), study.Trials[1].Parameters);
    }

    [Fact]
    public void Rerun_DoesOnlyWhatIsNotDone_AndMoreSettingsExtendIt()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        Run(folder["study"], data, StudyPlan.List(("a", new Setting())));
        string written = File.ReadAllText(Path.Combine(folder["study"], "001_a_seed1", "run.json"));
        using var progress = new StringWriter();
        var study = Run(
            folder["study"],
            data,
            StudyPlan.List(("a", new Setting()), ("b", new Setting { LearningRate = 0.1 })),
            new StudyOptions { Progress = new StudyProgressReporter(progress) }
        );

        Assert.Equal(
            ["trial 1 of 2: a, seed 1: done before", "trial 2 of 2: b, seed 1"],
            progress.ToString().Split(progress.NewLine)[..2]
        );
        Assert.Equal(written, File.ReadAllText(Path.Combine(folder["study"], "001_a_seed1", "run.json")));
        Assert.All(study.Trials, row => Assert.Equal(StopReason.Completed, row.Outcome));
    }

    [Fact]
    public void PartOfAPlan_KeepsItsSettings_AndExtendsToTheWhole()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        var whole = Both.OneAtATime().Repeat(2);
        var part = whole.Where(setting => setting.Name is "base" or "learning rate 0.1");
        Assert.Equal(["base", "learning rate 0.1"], part.Settings.Select(setting => setting.Name));
        Assert.Equal(4, Run(folder["study"], data, part).Trials.Count);
        string written = File.ReadAllText(Path.Combine(folder["study"], "003_learning_rate_0.1_seed1", "run.json"));

        var study = Run(folder["study"], data, whole);

        Assert.Equal(8, study.Trials.Count);
        Assert.Equal(written, File.ReadAllText(Path.Combine(folder["study"], "003_learning_rate_0.1_seed1", "run.json")));
        Assert.Throws<ArgumentException>(() => whole.Where(_ => false));
    }

    /// <summary>The report says the same of a part as of the whole: settings that were drawn are compared in no pairs.</summary>
    [Fact]
    public void PartOfAPlan_CameToItsSettingsAsTheWholeDid()
    {
        StudyPlan<Setting>[] plans = [Both.OneAtATime(), Both.Grid(), Both.Random(2, seed: 1)];
        Assert.Equal(
            [StudyPlanKind.OneAtATime, StudyPlanKind.Grid, StudyPlanKind.Sampled],
            plans.Select(plan => plan.Where(setting => setting == plan.Settings[0]).Kind)
        );
    }

    [Fact]
    public void StoppedInTheMiddle_ItResumes_AndIsEqualToOneInOnePiece()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        var plan = BatchSizes.OneAtATime();
        var options = new StudyOptions { Seeds = [1, 2] };
        var whole = Run(folder["whole"], data, plan, options);

        using var source = new CancellationTokenSource();
        int trials = 0;
        StudyTrial Stopping(Setting setting, long seed) =>
            Make(setting, seed) with
            {
                Callbacks = ++trials == 2 ? [new TracingCallback([]) { At = "StepEnd 6", Act = _ => source.Cancel() }] : [],
            };
        var stopped = Study.Run(folder["parts"], plan, Stopping, Fit(data), options, cancellationToken: source.Token);
        Assert.Equal(
            [StopReason.Completed, StopReason.Cancelled, StopReason.Running, StopReason.Running],
            stopped.Trials.Select(row => row.Outcome)
        );

        var parts = Run(folder["parts"], data, plan, options);
        Assert.All(
            whole.Trials.Zip(parts.Trials),
            pair =>
            {
                Assert.Equal(pair.First.History!["test_loss"], pair.Second.History!["test_loss"]);
                Assert.Equal(
                    File.ReadAllBytes(Path.Combine(folder["whole"], pair.First.Folder, "checkpoints", "last.safetensors")),
                    File.ReadAllBytes(Path.Combine(folder["parts"], pair.Second.Folder, "checkpoints", "last.safetensors"))
                );
            }
        );
    }

    [Fact]
    public void TrialThatThrows_IsARowWithItsReason_AndTheOthersFinish()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        var plan = StudyPlan.List(
            ("builder", new Setting { BatchSize = 1 }),
            ("callback", new Setting { BatchSize = 2 }),
            ("sound", new Setting())
        );
        var study = Study.Run(
            folder["study"],
            plan,
            (setting, seed) =>
                setting.BatchSize switch
                {
                    1 => throw new InvalidOperationException("no such model"),
                    2 => Make(setting, seed) with
                    {
                        Callbacks =
                        [
                            new TracingCallback([])
                            {
                                At = "StepEnd 1",
                                Act = _ => throw new InvalidOperationException("broken callback"),
                            },
                        ],
                    },
                    _ => Make(setting, seed),
                },
            Fit(data)
        );

        Assert.Equal([StopReason.Failed, StopReason.Failed, StopReason.Completed], study.Trials.Select(row => row.Outcome));
        Assert.Equal("no such model", study.Trials[0].Reason);
        Assert.Contains("broken callback", study.Trials[1].Reason, StringComparison.Ordinal);
        study.WriteReport();
        Assert.Contains("failed: no such model", File.ReadAllText(folder["study/report.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatDoesNotFit_IsRefusedInASentence()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        Run(folder["study"], data, StudyPlan.List(("a", new Setting())));
        Assert.Contains(
            "compares by test_accuracy",
            Assert
                .Throws<InvalidOperationException>(() =>
                    Run(folder["study"], data, StudyPlan.List(("a", new Setting())), new StudyOptions { Monitor = "test_loss" })
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "has a setting 'base' with batch size 16",
            Assert
                .Throws<InvalidOperationException>(() =>
                {
                    var rates = StudyPlan
                        .From(new Setting())
                        .Vary("learning rate", [0.01, 0.1], (setting, value) => setting with { LearningRate = value });
                    Run(folder["other"], data, BatchSizes.OneAtATime());
                    Run(folder["other"], data, rates.OneAtATime());
                })
                .Message,
            StringComparison.Ordinal
        );
        using (RunDirectory.Lock(folder["study"]))
        {
            Assert.Contains(
                "in use by another",
                Assert.Throws<IOException>(() => Run(folder["study"], data, StudyPlan.List(("a", new Setting())))).Message,
                StringComparison.Ordinal
            );
        }

        File.WriteAllText(folder["study/study.json"], "{\"format\": 0}");
        Assert.Contains(
            "has the format 0, but this version reads format 1",
            Assert.Throws<InvalidDataException>(() => Study.Open(folder["study"])).Message,
            StringComparison.Ordinal
        );
        File.WriteAllText(folder["study/study.json"], "[1");
        Assert.Contains(
            "is no record of a study",
            Assert.Throws<InvalidDataException>(() => Study.Open(folder["study"])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<FileNotFoundException>(() => Study.Open(folder["nowhere"]));
        Assert.Equal(
            2,
            Assert
                .Throws<InvalidOptionsException>(() =>
                    Run(
                        folder["new"],
                        data,
                        StudyPlan.List(("a", new Setting())),
                        new StudyOptions { Seeds = [1, 1], Monitor = "" }
                    )
                )
                .Faults.Count
        );
        Assert.False(Directory.Exists(folder["new"]));
    }

    [Theory]
    [InlineData(12.706204736, 1, 0.05)]
    [InlineData(2.776445105, 4, 0.05)]
    [InlineData(4.604094871, 4, 0.01)]
    [InlineData(0, 3, 1)]
    [InlineData(1.959963985, 10_000_000, 0.05)]
    public void StudentsDistribution_HasTheTabulatedTails(double t, int degrees, double fraction) =>
        Assert.Equal(fraction, StudentT.TwoSided(t, degrees), 1e-6);

    private static Study Run(string folder, TinyData data, StudyPlan<Setting> plan, StudyOptions? options = null) =>
        Study.Run(folder, plan, Make, Fit(data), options);

    private static StudyTrial Make(Setting setting, long seed) =>
        new()
        {
            Model = TinyModel.Create(),
            Options = new TrainerOptions
            {
                Epochs = 3,
                BatchSize = setting.BatchSize,
                Device = "cpu",
                Optimizer = new SgdOptions { LearningRate = setting.LearningRate },
            },
        };

    private static FitData Fit(TinyData data) => new() { Train = data, Test = data };
}
