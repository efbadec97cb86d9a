using System.Text.Json.Nodes;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;
using static VisionSeqModels.Tests.Studies.UnlikeTrialCases;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A study that is extended after its function changed would compare unlike trials. It is refused, with the trial, the
/// option and both values.</summary>
[Collection("Torch")]
public sealed class UnlikeTrialsTests : TinyDataTests
{
    private static readonly Dictionary<string, (Callback[] Before, Callback[] Now, string Text)> CallbackChanges = new()
    {
        ["added"] = ([], [new EarlyStopping()], "callbacks was [] and is [EarlyStopping]"),
        ["left out"] = ([new ExponentialMovingAverage()], [], "callbacks was [ExponentialMovingAverage] and is []"),
        ["setting"] = (
            [new EarlyStopping { Patience = 3 }],
            [new EarlyStopping { Patience = 4 }],
            "callbacks EarlyStopping Patience was 3 and is 4"
        ),
        ["another"] = (
            [new EarlyStopping()],
            [new ReduceLearningRateOnPlateau()],
            "callbacks EarlyStopping name was \"EarlyStopping\" and is \"ReduceLearningRateOnPlateau\""
        ),
        ["one's own"] = (
            [new OwnDecision { Threshold = 1 }],
            [new OwnDecision { Threshold = 2 }],
            "callbacks OwnDecision Threshold was 1 and is 2"
        ),
    };

    private static TrainerOptions Options => UnlikeTrialCases.Options;

    public static TheoryData<string> OptionNames => [.. OptionChanges.Keys];

    public static TheoryData<string> ModelNames => [.. ModelChanges.Keys];

    public static TheoryData<string> CallbackNames => [.. CallbackChanges.Keys];

    [Theory]
    [MemberData(nameof(OptionNames))]
    public void ChangedOptionOfTheTrainer_IsRefused_WithBothValues(string name)
    {
        var (change, text) = OptionChanges[name];
        AssertRefused(() => new StudyTrial { Model = TinyModel.Create(), Options = change(Options) }, text);
    }

    /// <summary>All losses and metrics of the library that have a setting, each with another one.</summary>
    public static TheoryData<string> Settings => [.. SettingPairs.Select(pair => pair.Name)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void SettingOfALossOrMetric_IsSeen(string name)
    {
        var (_, before, now) = SettingPairs.Single(pair => pair.Name == name);
        var below = before is Loss ? typeof(Loss) : typeof(Metric);
        Assert.NotEqual(
            ObjectSettings.OfFields(before, before.GetType(), below).ToJsonString(),
            ObjectSettings.OfFields(now, now.GetType(), below).ToJsonString()
        );
    }

    /// <summary>Nothing that OptionsJson records is left out above.</summary>
    [Fact]
    public void EveryRecordedOptionOfTheTrainer_IsAmongThem()
    {
        string texts = string.Join('\n', OptionChanges.Values.Select(change => change.Text));
        var keys = OptionsJson.Of(Options, Tiny).Select(entry => entry.Key).Where(key => key != "seed"); // the study's own
        Assert.All(keys, key => Assert.Contains(key, texts, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void ChangedModel_IsRefused_WithWhatItWas(string name)
    {
        var (make, text) = ModelChanges[name];
        AssertRefused(() => new StudyTrial { Model = make(), Options = Options }, text);
    }

    [Fact]
    public void ChangedFieldOfAnOwnModel_IsRefused() =>
        AssertRefused(
            () => new StudyTrial { Model = new OwnModel(0.4), Options = Options },
            "modules model scale was 0.3 and is 0.4",
            () => new StudyTrial { Model = new OwnModel(0.3), Options = Options }
        );

    [Fact]
    public void ChangedOptionOrSeedOfTheModel_IsRefused()
    {
        using var images = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 32,
                TestCount = 16,
                Size = 16,
            }
        );
        StudyTrial Make(int size, long seed) =>
            new()
            {
                Model = SequenceModels.Rnn(RecurrentOptions.For(images) with { HiddenSize = size, Seed = seed }),
                Options = Options,
            };
        var data = new FitData { Train = images.Train, Test = images.Test };
        var plan = StudyPlan.List(("a", 4));
        Study.Run(Folder["s"], plan, Make, data);
        Assert.Contains(
            "model options hidden_size was 4 and is 6",
            Refusal((_, seed) => Make(6, seed)),
            StringComparison.Ordinal
        );
        Assert.Contains("model options seed was 1 and is 42", Refusal((size, _) => Make(size, 42)), StringComparison.Ordinal);
        string Refusal(Func<int, long, StudyTrial> make) =>
            Assert.Throws<InvalidOperationException>(() => Study.Run(Folder["s"], plan, make, data)).Message;
    }

    [Theory]
    [MemberData(nameof(CallbackNames))]
    public void ChangedCallback_IsRefused_WithBothSettings(string name)
    {
        var (before, now, text) = CallbackChanges[name];
        AssertRefused(() => Trial(now), text, () => Trial(before));

        static StudyTrial Trial(Callback[] callbacks) =>
            new()
            {
                Model = TinyModel.Create(),
                Options = Options,
                Callbacks = callbacks,
            };
    }

    [Fact]
    public void ChangedData_IsRefused_WithBothSizes()
    {
        Run(Trial);
        using var more = new TinyData(80);
        Assert.Contains(
            "data train_samples was 64 and is 80",
            Assert.Throws<InvalidOperationException>(() => Run(Trial, new FitData { Train = more, Test = Tiny })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "data test_samples was 64 and is 80",
            Assert.Throws<InvalidOperationException>(() => Run(Trial, new FitData { Train = Tiny, Test = more })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "data test_samples was 64 and is none",
            Assert.Throws<InvalidOperationException>(() => Run(Trial, new FitData { Train = Tiny })).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>What changes no result may change: who watches, how often state is saved, what reports are written.</summary>
    [Fact]
    public void WhatChangesNoResult_MayDiffer()
    {
        Run(Trial);
        var study = Run(() =>
            Trial() with
            {
                Options = Options with
                {
                    SaveStateEverySteps = 1,
                    LogEverySteps = 2,
                    SaveStateInterval = TimeSpan.FromSeconds(1),
                },
                Callbacks = [new TracingCallback([]), new ModelCheckpoint { KeepTop = 2, Directory = Folder["top"] }],
            }
        );
        Assert.Empty(study.Trials[0].Changes);
    }

    [Fact]
    public void TrialHalfDone_IsComparedToo()
    {
        using var source = new CancellationTokenSource();
        Study.Run(
            Folder["s"],
            StudyPlan.List(("a", 1)),
            (_, _) => Trial() with { Callbacks = [new TracingCallback([]) { At = "StepEnd 3", Act = _ => source.Cancel() }] },
            Fit(),
            cancellationToken: source.Token
        );
        var error = Assert.Throws<InvalidOperationException>(() =>
            Run(() => Trial() with { Options = Options with { ClipGradientNorm = 2 } })
        );
        Assert.Contains("clip_gradient_norm was none and is 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(StopReason.Completed, Run(Trial).Trials[0].Outcome);
    }

    [Fact]
    public void StudyOfAnEarlierVersion_IsComparedByItsRunRecords()
    {
        Run(Trial);
        File.Delete(Folder["s/001_a_seed1/trial.json"]);
        Assert.Equal(StopReason.Completed, Run(Trial).Trials[0].Outcome);
        var error = Assert.Throws<InvalidOperationException>(() =>
            Run(() => Trial() with { Options = Options with { Epochs = 9 } })
        );
        Assert.Contains("epochs was 2 and is 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TrialWithoutARunRecord_IsComparedToo()
    {
        StudyTrial Bare() => Trial() with { Options = Options with { DefaultCallbacks = false } };
        Run(Bare);
        Assert.False(File.Exists(Folder["s/001_a_seed1/run.json"]));
        var error = Assert.Throws<InvalidOperationException>(() =>
            Run(() => Bare() with { Options = Bare().Options with { Epochs = 9 } })
        );
        Assert.Contains("epochs was 2 and is 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedRecordOfATrial_IsRefused_AndCanBeAccepted()
    {
        Run(Trial);
        File.WriteAllText(Folder["s/001_a_seed1/trial.json"], "{");
        Assert.Contains(
            "trial.json cannot be read: ",
            Assert.Throws<InvalidOperationException>(() => Run(Trial)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains("trial.json cannot be read", Run(Trial, accept: true).Trials[0].Changes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void FunctionThatThrowsNow_IsADifference()
    {
        Run(Trial);
        Assert.Contains(
            "it cannot be built: no such model",
            Assert
                .Throws<InvalidOperationException>(() => Run(() => throw new InvalidOperationException("no such model")))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AcceptedChange_MarksTheTrialInTheStudyAndInTheReport()
    {
        Run(Trial);
        var study = Study.Run(
            Folder["s"],
            StudyPlan.List(("a", 1), ("b", 2)),
            (_, _) => Trial() with { Options = Options with { Epochs = 3 } },
            Fit(),
            new StudyOptions { AcceptChanges = true }
        );
        Assert.Equal(["epochs was 2 and is 3"], study.Trials[0].Changes);
        Assert.Empty(study.Trials[1].Changes);
        Assert.Equal((2, 3), (study.Trials[0].Final!.Epoch, study.Trials[1].Final!.Epoch));

        Study.Open(Folder["s"]).WriteReport();
        string markdown = File.ReadAllText(Folder["s/report.md"]),
            html = File.ReadAllText(Folder["s/report.html"]);
        Assert.Contains("| completed (other options) |", markdown, StringComparison.Ordinal);
        Assert.Contains("## Trials with other options", markdown, StringComparison.Ordinal);
        Assert.Contains("- a: epochs was 2 and is 3", markdown, StringComparison.Ordinal);
        Assert.Contains("<li><b>a</b>: epochs was 2 and is 3</li>", html, StringComparison.Ordinal);

        // Without the option it is refused again; with the old function nothing is marked.
        Assert.Throws<InvalidOperationException>(() => Run(() => Trial() with { Options = Options with { Epochs = 3 } }));
        Assert.Empty(Run(Trial).Trials.Single(trial => trial.Setting == "a").Changes);
    }

    [Fact]
    public void ManyUnlikeTrials_AreNamedByTheFirst_AndCounted()
    {
        var plan = StudyPlan.List(("a", 1), ("b", 2), ("c", 3));
        Study.Run(Folder["s"], plan, (_, _) => Trial(), Fit());
        var error = Assert.Throws<InvalidOperationException>(() =>
            Study.Run(Folder["s"], plan, (_, _) => Trial() with { Options = Options with { Epochs = 3 } }, Fit())
        );
        Assert.Contains("The trial 'a, seed 1' of the study in", error.Message, StringComparison.Ordinal);
        Assert.Contains("epochs was 2 and is 3 (2 other trials differ too)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SetupOfATrial_StandsInItsFolder()
    {
        Run(Trial);
        var setup = JsonNode.Parse(File.ReadAllText(Folder["s/001_a_seed1/trial.json"]))!.AsObject();
        Assert.Equal(
            ["library", "trial", "trainer", "loss", "metrics", "model", "modules", "weights", "callbacks", "data"],
            setup.Select(entry => entry.Key)
        );
        Assert.Equal(("a", 0.0), ((string?)setup["trial"]!["setting"], (double)setup["modules"]!["dropout"]!["p"]!));
    }

    private static StudyTrial Trial() => new() { Model = TinyModel.Create(), Options = Options };

    /// <summary>Runs a trial as it is, then extends the study with what is built otherwise.</summary>
    private void AssertRefused(Func<StudyTrial> changed, string text, Func<StudyTrial>? make = null)
    {
        Run(make ?? Trial);
        string record = File.ReadAllText(Folder["s/study.json"]);
        var error = Assert.Throws<InvalidOperationException>(() =>
            Study.Run(Folder["s"], StudyPlan.List(("a", 1), ("b", 2)), (_, _) => changed(), Fit())
        );
        Assert.StartsWith("The trial 'a, seed 1' of the study in '", error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Equal(record, File.ReadAllText(Folder["s/study.json"]));
        Assert.False(Directory.Exists(Folder["s/002_b_seed1"]));
        Assert.Empty(Run(make ?? Trial).Trials[0].Changes);
    }

    private Study Run(Func<StudyTrial> make, FitData? data = null, bool accept = false) =>
        Study.Run(
            Folder["s"],
            StudyPlan.List(("a", 1)),
            (_, _) => make(),
            data ?? Fit(),
            new StudyOptions { AcceptChanges = accept }
        );

    private FitData Fit() => new() { Train = Tiny, Test = Tiny };

    private sealed class OwnDecision : Callback
    {
        public override CallbackStage Stage => CallbackStage.Decide;

        public int Threshold { get; init; }
    }
}
