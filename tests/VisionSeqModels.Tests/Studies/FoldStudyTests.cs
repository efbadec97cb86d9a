using VisionSeqModels.Studies;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Cross-validation and repeated runs as a plan.</summary>
[Collection("Torch")]
public sealed class FoldStudyTests : IDisposable
{
    private static readonly StudyPlan<int> Sizes = StudyPlan
        .From(4)
        .Vary("hidden size", [4, 6], (_, value) => value)
        .OneAtATime();
    private readonly TempFolder _folder = new();
    private readonly ImageDatasets _data = SyntheticImages.Create(
        new SyntheticImagesOptions
        {
            TrainCount = 90,
            TestCount = 30,
            Size = 16,
        }
    );

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Folds_AreTheSameForAllSettings_AndHoldOutEachSampleOnce(bool stratified)
    {
        var seen = new List<(string Trial, long[] Train, long[] Test)>();
        StudyTrial Watched(int size, long seed) =>
            Make(size, seed) with
            {
                Callbacks = [new TracingCallback([]) { At = "FitStart", Act = context => seen.Add(Parts(context)) }],
            };
        var study = Run("s", Sizes.WithFolds(3, seed: 5, stratified), make: Watched);

        Assert.Equal(
            [("base", 1), ("base", 2), ("base", 3), ("hidden size 6", 1), ("hidden size 6", 2), ("hidden size 6", 3)],
            study.Trials.Select(trial => (trial.Setting, trial.Fold!.Value))
        );
        Assert.All(study.Trials, trial => Assert.Equal(StopReason.Completed, trial.Outcome));
        var expected = _data.Train.Folds(3, seed: 5 + 1, stratified); // the trial's seed is added
        Assert.All(
            seen.Index(),
            entry =>
            {
                Assert.Equal(expected[entry.Index % 3].Train.Indices, entry.Item.Train);
                Assert.Equal(expected[entry.Index % 3].HeldOut.Indices, entry.Item.Test);
            }
        );
        Assert.Equal(Enumerable.Range(0, 90).Select(i => (long)i), seen.Take(3).SelectMany(part => part.Test).Order());
        Assert.Equal("001_base_seed1_fold1", study.Trials[0].Folder);
    }

    [Fact]
    public void Group_IsNeverOnBothSidesOfATrial()
    {
        var seen = new List<(string Trial, long[] Train, long[] Test)>();
        Run(
            "s",
            Sizes.WithFolds(3, group: index => index / 9),
            make: (size, seed) =>
                Make(size, seed) with
                {
                    Callbacks = [new TracingCallback([]) { At = "FitStart", Act = context => seen.Add(Parts(context)) }],
                }
        );
        Assert.Equal(6, seen.Count);
        Assert.All(seen, part => Assert.Empty(part.Train.Select(i => i / 9).Intersect(part.Test.Select(i => i / 9))));
    }

    /// <summary>A trial on a fold is the run that it would be alone on that fold.</summary>
    [Fact]
    public void TrialOnAFold_IsTheRunThatItWouldBeAlone()
    {
        var study = Run("s", StudyPlan.List(("only", 4)).WithFolds(3));
        var (train, heldOut) = _data.Train.Folds(3, seed: 1)[1];
        var trial = Make(4, 1);
        using var model = trial.Model;
        using var threads = new ThreadCount(1);
        var alone = new Trainer(trial.Options with { Seed = 1 }).Fit(model, train, heldOut);
        Assert.Equal(alone["test_loss"], study.Trials[1].History!["test_loss"]);
    }

    [Fact]
    public void TestDataBesides_IsKept_AndTheFoldIsTheValidationData()
    {
        var study = Run(
            "s",
            StudyPlan.List(("only", 4)).WithFolds(3),
            new StudyOptions { Monitor = "val_accuracy" },
            data: new FitData { Train = _data.Train, Test = _data.Test }
        );
        Assert.All(study.Trials, trial => Assert.NotNull(trial.Score));
        Assert.Contains("test_accuracy", study.Trials[0].Final!.Metrics.Keys);
    }

    [Fact]
    public void Repeat_IsTheSameAsThoseSeeds_AndEachRepetitionHasItsOwnFolds()
    {
        var repeated = Run("r", Sizes.Repeat(3), new StudyOptions { Seeds = [5] });
        var seeds = Run("s", Sizes, new StudyOptions { Seeds = [5, 6, 7] });
        Assert.Equal([5, 6, 7, 5, 6, 7], repeated.Trials.Select(trial => trial.Seed));
        Assert.Equal(
            seeds.Trials.Select(trial => trial.Final!["train_loss"]),
            repeated.Trials.Select(trial => trial.Final!["train_loss"])
        );

        var both = Run("b", StudyPlan.List(("only", 4)).WithFolds(2).Repeat(2));
        Assert.Equal([(1, 1), (1, 2), (2, 1), (2, 2)], both.Trials.Select(trial => ((int)trial.Seed, trial.Fold!.Value)));
        Assert.Equal(4, both.Trials.Select(trial => trial.Final!["train_loss"]).Distinct().Count());
    }

    [Fact]
    public void TrialsAtOnce_GiveTheSameBitsAsOneAfterAnother()
    {
        var plan = Sizes.WithFolds(3).Repeat(2);
        AssertSameBits(
            "one",
            Run("one", plan),
            "more",
            Run("more", plan, new StudyOptions { ParallelTrials = 3, ThreadsPerTrial = 1 })
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(40)]
    public void CancelledOrKilledAnywhere_ItResumesToTheSameBits(int step)
    {
        var plan = Sizes.WithFolds(3);
        var whole = Run("whole", plan);
        using var source = new CancellationTokenSource();
        int steps = 0;
        StudyTrial Stopping(int size, long seed) => Make(size, seed) with { Callbacks = [new EveryStep(() => Stop(++steps))] };
        void Stop(int at)
        {
            if (at == step)
            {
                Copy(_folder["cancelled"], _folder["killed"]); // what a process that is killed here leaves
                source.Cancel();
            }
        }

        var stopped = Run("cancelled", plan, make: Stopping, cancellationToken: source.Token);
        Assert.Contains(stopped.Trials, trial => trial.Outcome is StopReason.Cancelled or StopReason.Running);
        AssertSameBits("whole", whole, "cancelled", Run("cancelled", plan));
        AssertSameBits("whole", whole, "killed", Run("killed", plan));
    }

    [Fact]
    public void MoreFoldsAndMoreRepetitions_ExtendAStudy()
    {
        Run("s", Sizes.WithFolds(3, run: 2));
        string first = File.ReadAllText(_folder["s/001_base_seed1_fold1/run.json"]);
        var third = Run("s", Sizes.WithFolds(3));
        Assert.Equal([1, 2, 1, 2, 3, 3], third.Trials.Select(trial => trial.Fold!.Value));
        var repeated = Run("s", Sizes.WithFolds(3).Repeat(2));
        Assert.Equal(12, repeated.Trials.Count);
        Assert.All(repeated.Trials, trial => Assert.Equal(StopReason.Completed, trial.Outcome));
        Assert.Equal(first, File.ReadAllText(_folder["s/001_base_seed1_fold1/run.json"]));

        var whole = Run("whole", Sizes.WithFolds(3).Repeat(2));
        Assert.Equal(
            whole.Trials.ToDictionary(Key, trial => trial.Final!["test_loss"]),
            repeated.Trials.ToDictionary(Key, trial => trial.Final!["test_loss"])
        );
    }

    public static TheoryData<string, string> Others =>
        new()
        {
            { "count", "has 3 folds (stratified, seed 0), but the plan has 4 folds (stratified, seed 0)" },
            { "seed", "has 3 folds (stratified, seed 0), but the plan has 3 folds (stratified, seed 1)" },
            { "classes", "has 3 folds (stratified, seed 0), but the plan has 3 folds (seed 0)" },
            { "groups", "but the plan has 3 folds (stratified, grouped, seed 0)" },
            { "none", "but the plan has no folds" },
            { "labels", "divided its training data into other folds for the trial 'base, seed 1, fold 1'" },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public void OtherFoldsInTheSameFolder_AreRefused(string what, string message)
    {
        Run("s", Sizes.WithFolds(3));
        string record = File.ReadAllText(_folder["s/study.json"]);
        using var more = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 90,
                TestCount = 30,
                Size = 16,
                Seed = 9,
            }
        );
        var plan = what switch
        {
            "count" => Sizes.WithFolds(4),
            "seed" => Sizes.WithFolds(3, seed: 1),
            "classes" => Sizes.WithFolds(3, stratified: false),
            "groups" => Sizes.WithFolds(3, group: index => index),
            "none" => Sizes,
            _ => Sizes.WithFolds(3),
        };
        var data = new FitData { Train = what == "labels" ? more.Train : _data.Train };
        var error = Assert.Throws<InvalidOperationException>(() => Run("s", plan, data: data));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(record, File.ReadAllText(_folder["s/study.json"]));
    }

    [Fact]
    public void GroupsThatChanged_AreRefused()
    {
        Run("s", Sizes.WithFolds(3, group: index => index / 9));
        Assert.Contains(
            "samples, labels or groups have changed since",
            Assert.Throws<InvalidOperationException>(() => Run("s", Sizes.WithFolds(3, group: index => index / 10))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatFoldsCannotBeCombinedWith_IsRefusedBeforeAnythingIsWritten()
    {
        var plan = Sizes.WithFolds(3);
        var both = new FitData { Train = _data.Train, Test = _data.Test };
        var options = new StudyOptions { Halving = new SuccessiveHalvingOptions { MaximumEpochs = 9 } };
        Assert.StartsWith(
            "Halving must be null for a plan with folds",
            Assert.Single(Assert.Throws<InvalidOptionsException>(() => Run("s", plan, options)).Faults),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Monitor must be a metric on the validation data",
            Assert.Single(
                Assert
                    .Throws<InvalidOptionsException>(() =>
                        Run("s", plan, new StudyOptions { Monitor = "test_accuracy" }, data: both)
                    )
                    .Faults
            ),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Seeds must be one seed",
            Assert.Single(
                Assert
                    .Throws<InvalidOptionsException>(() => Run("s", Sizes.Repeat(2), new StudyOptions { Seeds = [1, 2] }))
                    .Faults
            ),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "validation data is given besides",
            Assert
                .Throws<ArgumentException>(() =>
                    Run("s", plan, data: new FitData { Train = _data.Train, Validation = _data.Test })
                )
                .Message,
            StringComparison.Ordinal
        );
        using var tiny = new TinyData(64);
        Assert.Contains(
            "Folds need an IImageSource",
            Assert.Throws<ArgumentException>(() => Run("s", plan, data: new FitData { Train = tiny })).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => Sizes.WithFolds(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sizes.WithFolds(3, run: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sizes.Repeat(0));
        Assert.False(File.Exists(_folder["s/study.json"]));
    }

    [Fact]
    public void Repetitions_CompeteByThemselves_InSuccessiveHalving()
    {
        var options = new StudyOptions { Halving = new SuccessiveHalvingOptions { MaximumEpochs = 3 } };
        var study = Run("s", Sizes.Repeat(3), options, data: new FitData { Train = _data.Train, Test = _data.Test });
        Assert.Equal(6, study.Trials.Count);
        Assert.Contains(study.Trials, trial => trial.Outcome == StopReason.Completed);
        Assert.Contains(study.Trials, trial => trial.Outcome == StopReason.StoppedEarly);
    }

    private static (string, int?, long) Key(TrialResult trial) => (trial.Setting, trial.Fold, trial.Seed);

    private static (string Trial, long[] Train, long[] Test) Parts(FitContext context) =>
        (context.RunDirectory!, [.. ((ImageSubset)context.Train).Indices], [.. ((ImageSubset)context.Test!).Indices]);

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            if (Path.GetFileName(file) != ".lock")
            {
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }

    private void AssertSameBits(string first, Study one, string second, Study other) =>
        Assert.All(
            one.Trials.Zip(other.Trials),
            trials =>
            {
                Assert.Equal((StopReason.Completed, StopReason.Completed), (trials.First.Outcome, trials.Second.Outcome));
                Assert.Equal(trials.First.Folder, trials.Second.Folder);
                Assert.Equal(trials.First.History!["test_loss"], trials.Second.History!["test_loss"]);
                Assert.Equal(Bytes(first, trials.First), Bytes(second, trials.Second));
            }
        );

    private byte[] Bytes(string study, TrialResult trial) =>
        File.ReadAllBytes(Path.Combine(_folder[study], trial.Folder, "checkpoints", "last.safetensors"));

    private Study Run(
        string name,
        StudyPlan<int> plan,
        StudyOptions? options = null,
        Func<int, long, StudyTrial>? make = null,
        FitData? data = null,
        CancellationToken cancellationToken = default
    ) =>
        Study.Run(
            _folder[name],
            plan,
            make ?? Make,
            data ?? new FitData { Train = _data.Train },
            options is null
                ? new StudyOptions { ParallelTrials = 1, ThreadsPerTrial = 1 }
                : options with
                {
                    ParallelTrials = options.ParallelTrials ?? 1,
                    ThreadsPerTrial = 1,
                },
            cancellationToken: cancellationToken
        );

    private StudyTrial Make(int size, long seed) =>
        new()
        {
            Model = SequenceModels.Lstm(
                RecurrentOptions.For(_data) with
                {
                    HiddenSize = size,
                    LayerCount = 2,
                    Dropout = 0.4,
                    Seed = seed,
                }
            ),
            Options = new TrainerOptions
            {
                Epochs = 2,
                BatchSize = 16,
                Device = "cpu",
            },
        };

    private sealed class EveryStep(Action act) : Callback
    {
        protected internal override bool DrawsRandomNumbers => false;

        public override void OnStepEnd(StepEndEvent e) => act();
    }
}
