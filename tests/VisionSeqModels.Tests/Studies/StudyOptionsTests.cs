using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyOptionsTests
{
    private static readonly StudyFolds Folds = new()
    {
        Count = 3,
        Seed = 0,
        Stratified = true,
        Grouped = false,
    };

    private static readonly (string Fault, StudyOptions Options)[] Faulty =
    [
        ("Question must be a sentence, but is ' '.", new StudyOptions { Question = " " }),
        ("Monitor must be null or the name of a metric, but is ' '.", new StudyOptions { Monitor = " " }),
        ("Seeds must be at least one seed, each once, but is .", new StudyOptions { Seeds = [] }),
        ("Seeds must be at least one seed, each once, but is null.", new StudyOptions { Seeds = null! }),
        ("Seeds must be at least one seed, each once, but is 1, 2, 1.", new StudyOptions { Seeds = [1, 2, 1] }),
        ("EquivalenceMargin must be null or a finite number above 0, but is 0.", new StudyOptions { EquivalenceMargin = 0 }),
        ("ParallelTrials must be null or at least 1, but is 0.", new StudyOptions { ParallelTrials = 0 }),
        ("ThreadsPerTrial must be null or at least 1, but is 0.", new StudyOptions { ThreadsPerTrial = 0 }),
        ("Worker must be null or a name, but is ' '.", new StudyOptions { Worker = " " }),
        ("Lease must be at least one second, but is 00:00:00.9990000.", new StudyOptions { Lease = TimeSpan.FromSeconds(0.999) }),
        (
            "MaximumSilence must be at least as long as Lease, but is 00:00:59.",
            new StudyOptions { MaximumSilence = TimeSpan.FromSeconds(59) }
        ),
        (
            "Shard must be null or a part whose Index is at least 0 and below its Count, but is StudyShard { Index = 2, Count "
                + "= 2 }.",
            new StudyOptions { Shard = new StudyShard(2, 2) }
        ),
        (
            "Shard must be null or a part whose Index is at least 0 and below its Count, but is StudyShard { Index = -1, "
                + "Count = 2 }.",
            new StudyOptions { Shard = new StudyShard(-1, 2) }
        ),
        (
            "Shard must be null with a ledger, which divides the trials itself, and where each trial depends on others "
                + "(Halving, Search), but is set.",
            new StudyOptions
            {
                Shard = new StudyShard(0, 2),
                Halving = new SuccessiveHalvingOptions { MaximumEpochs = 3 },
            }
        ),
        (
            "Halving.MaximumEpochs must be at least 1, but is 0.",
            new StudyOptions { Halving = new SuccessiveHalvingOptions { MaximumEpochs = 0 } }
        ),
    ];

    [Fact]
    public void Defaults_AreValid() => new StudyOptions().Validate();

    [Fact]
    public void OptionOutOfRange_IsNamed() =>
        Assert.All(
            Faulty,
            faulty => Assert.Equal([faulty.Fault], Assert.Throws<InvalidOptionsException>(() => faulty.Options.Validate()).Faults)
        );

    [Fact]
    public void BoundsThemselves_AreValid()
    {
        StudyOptions[] sound =
        [
            new()
            {
                Seeds = [2, 1],
                EquivalenceMargin = 1e-9,
                ParallelTrials = 1,
                ThreadsPerTrial = 1,
                Worker = "w",
                Monitor = "m",
            },
            new() { Lease = TimeSpan.FromSeconds(1), MaximumSilence = TimeSpan.FromSeconds(1) },
            new() { Shard = new StudyShard(0, 1) },
            new() { Shard = new StudyShard(1, 2) },
            new() { Halving = new SuccessiveHalvingOptions { MaximumEpochs = 1 } },
        ];
        Assert.All(sound, options => options.Validate());
        new StudyOptions { Monitor = "val_loss" }.Validate(folds: Folds, hasTest: true);
        new StudyOptions().Validate(folds: Folds, hasTest: true);
        new StudyOptions { Monitor = "test_loss" }.Validate(folds: Folds);
        new StudyOptions().Validate(repeats: 3, isSearch: true);
        new StudyOptions { Seeds = [5] }.Validate(repeats: 3);
        new StudyOptions { Seeds = [5, 6] }.Validate(repeats: 1);
    }

    [Fact]
    public void PlanMayForbidAnOption()
    {
        var halving = new StudyOptions { Halving = new SuccessiveHalvingOptions { MaximumEpochs = 3 } };
        Assert.StartsWith(
            "Halving must be null for a plan that searches",
            Fault(() => halving.Validate(isSearch: true)),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Halving must be null for a plan with folds",
            Fault(() => halving.Validate(folds: Folds)),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Shard must be null with a ledger",
            Fault(() => new StudyOptions { Shard = new StudyShard(0, 2) }.Validate(isSearch: true)),
            StringComparison.Ordinal
        );
        using var folder = new TempFolder();
        var ledger = new FolderLedger(folder["ledger"]);
        Assert.StartsWith(
            "Shard must be null with a ledger",
            Fault(() => new StudyOptions { Shard = new StudyShard(0, 2), Ledger = ledger }.Validate()),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "Seeds must be one seed, from which the plan's repetitions count up, but is 1, 2.",
            Fault(() => new StudyOptions { Seeds = [1, 2] }.Validate(repeats: 2))
        );
        Assert.Equal(
            "Monitor must be a metric on the validation data, such as val_accuracy, for a plan with folds and test data besides "
                + "(or FitData.Test null), but is 'test_loss'.",
            Fault(() => new StudyOptions { Monitor = "test_loss" }.Validate(folds: Folds, hasTest: true))
        );
    }

    [Fact]
    public void SilenceOfNoTime_IsTooShort_WhateverTheLease() =>
        Assert.Equal(
            2,
            Assert
                .Throws<InvalidOptionsException>(() =>
                    new StudyOptions { Lease = TimeSpan.Zero, MaximumSilence = TimeSpan.Zero }.Validate()
                )
                .Faults.Count
        );

    [Fact]
    public void Repetitions_CountUpFromTheSeed()
    {
        Assert.Equal([4L, 9L], new StudyOptions { Seeds = [4, 9] }.SeedsOf(1));
        Assert.Equal([4L, 5L, 6L], new StudyOptions { Seeds = [4] }.SeedsOf(3));
        Assert.Equal([long.MaxValue, long.MinValue], new StudyOptions { Seeds = [long.MaxValue] }.SeedsOf(2));
    }

    [Fact]
    public void Worker_IsTheMachineWithTheProcess_UnlessItIsNamed()
    {
        Assert.Equal("me", new StudyOptions { Worker = "me" }.WorkerName);
        Assert.Equal($"{Environment.MachineName}-{Environment.ProcessId}", new StudyOptions().WorkerName);
    }

    [Theory]
    [InlineData(0, 9, 3, null, "MinimumEpochs must be at least 1, but is 0.")]
    [InlineData(3, 2, 3, null, "MaximumEpochs must be at least 3, but is 2.")]
    [InlineData(-5, 0, 3, null, "MinimumEpochs must be at least 1, but is -5.", "MaximumEpochs must be at least 1, but is 0.")]
    [InlineData(1, 9, 1, null, "ReductionFactor must be at least 2, but is 1.")]
    [InlineData(3, 9, 3, 2, "MaximumTotalEpochs must be null or at least MinimumEpochs, but is 2.")]
    [InlineData(3, 3, 2, 3)]
    public void HalvingOutOfRange_IsNamed(int min, int max, int factor, int? total, params string[] faults) =>
        Assert.Equal(
            faults,
            new SuccessiveHalvingOptions
            {
                MinimumEpochs = min,
                MaximumEpochs = max,
                ReductionFactor = factor,
                MaximumTotalEpochs = total,
            }.Faults()
        );

    [Fact]
    public void Rungs_DoNotOverflow() =>
        Assert.Equal(
            [1, 65_536, int.MaxValue],
            new SuccessiveHalvingOptions { MaximumEpochs = int.MaxValue, ReductionFactor = 65_536 }.Rungs()
        );

    private static string Fault(Action validate) => Assert.Single(Assert.Throws<InvalidOptionsException>(validate).Faults);
}
