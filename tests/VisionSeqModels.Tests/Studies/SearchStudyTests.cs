using VisionSeqModels.Data;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A sampler chooses the settings of a study while it runs.</summary>
[Collection("Torch")]
public sealed class SearchStudyTests : TinyDataTests
{
    /// <summary>Cut off within a trial and between two, twelve trials are the same as in one piece, to the bit.</summary>
    [Fact]
    public void KilledAndResumed_ItTriesTheSame()
    {
        var whole = Run("whole", 12);
        Assert.Equal(12, whole.Trials.Count);
        foreach (int at in new[] { 3, 8, 11 })
        {
            using var source = new CancellationTokenSource();
            Run("parts", 12, begin: number => number == at, stop: source);
            Assert.True(source.IsCancellationRequested);
        }

        var parts = Run("parts", 12);
        Assert.Equal(Tried(whole), Tried(parts));
        Assert.Equal(whole.Trials.Select(trial => trial.Folder), parts.Trials.Select(trial => trial.Folder));
    }

    [Fact]
    public void LargerCount_ExtendsIt_AndTheFirstAreTheSame()
    {
        var whole = Run("whole", 14);
        Run("parts", 11);
        Assert.Equal(Tried(whole), Tried(Run("parts", 14)));
    }

    /// <summary>One of the user's own: it sees what came of each setting, with the mean over seeds, and what it asks for is
    /// tried.</summary>
    [Fact]
    public void SamplerOfOnesOwn_AsksAndSeesWhatCameOfIt()
    {
        var sampler = new Halves();
        var study = Study.Run(
            Folder["own"],
            StudyPlan.From(0.0).VaryUniform("rate", 0, 8, (_, value) => value).Search(3, seed: 1, () => sampler).Repeat(2),
            (rate, _) => Trial(rate),
            Data,
            new StudyOptions { ParallelTrials = 1 }
        );
        Assert.Equal(["rate 4", "rate 4", "rate 2", "rate 2", "rate 1", "rate 1"], study.Trials.Select(trial => trial.Setting));
        Assert.Equal(
            study.Trials.Chunk(2).Select(pair => (double?)pair.Average(trial => trial.Score!.Value)),
            sampler.Seen.Select(seen => seen.Score)
        );
        Assert.Equal([4, 2, 1], sampler.Seen.Select(seen => seen.Rate));
    }

    /// <summary>Where all combinations were tried there is no other.</summary>
    [Fact]
    public void FewCombinations_AreEachTriedOnce()
    {
        var study = Study.Run(
            Folder["few"],
            StudyPlan.From(0.1).Vary("rate", [0.1, 0.2, 0.3], (_, value) => value).Search(3, seed: 1, () => new Always(1)),
            (rate, _) => Trial(rate),
            Data,
            new StudyOptions { ParallelTrials = 1 }
        );
        Assert.Equal(
            ["rate 0.1", "rate 0.2", "rate 0.3"],
            study.Trials.Select(trial => trial.Setting).Order(StringComparer.Ordinal)
        );
        Assert.Equal("rate 0.2", study.Trials[0].Setting);
    }

    [Fact]
    public void SeveralAtOnce_TryAsMany()
    {
        var study = Run("parallel", 12, atOnce: 3);
        Assert.Equal(12, study.Trials.Select(trial => trial.Setting).Distinct().Count());
        Assert.All(study.Trials, trial => Assert.Equal(StopReason.Completed, trial.Outcome));
    }

    [Fact]
    public void Faults_AreSentences()
    {
        var plan = StudyPlan.From(0.1).VaryUniform("rate", 0, 1, (_, value) => value);
        var error = Assert.Throws<InvalidOperationException>(() => Run("a", plan.Search(3, 1, () => new Always(2))));
        Assert.Equal(
            "Always.Ask must give a number for each factor, 1 in all, and for 'rate' one from 0 to 1, but gave 2.",
            error.Message
        );
        Assert.Equal(
            "The search's function gave no sampler, but null. Make one in it.",
            Assert.Throws<InvalidOperationException>(() => Run("a", plan.Search(3, 1, () => null!))).Message
        );
        Run("b", plan.Search(1, seed: 1));
        error = Assert.Throws<InvalidOperationException>(() =>
            Run("b", StudyPlan.From(0.1).VaryUniform("other", 0, 1, (_, value) => value).Search(2, 1))
        );
        Assert.Contains("but the factor 'other' of the search has no value 'none'.", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            "StudyOptions: Halving must be null for a plan that searches, whose sampler compares trials that were trained alike "
                + "(Random takes halving), but is set.",
            Assert
                .Throws<InvalidOptionsException>(() =>
                    Study.Run(
                        Folder["c"],
                        plan.Search(3, 1),
                        (rate, _) => Trial(rate),
                        Data,
                        new StudyOptions { Halving = new SuccessiveHalvingOptions { MaximumEpochs = 3 } }
                    )
                )
                .Message
        );
    }

    private FitData Data => new() { Train = Tiny, Test = Tiny };

    private static IEnumerable<(string, double?)> Tried(Study study) =>
        study.Trials.Select(trial => (trial.Setting, trial.Score));

    private Study Run(string name, StudyPlan<double> plan) =>
        Study.Run(Folder[name], plan, (rate, _) => Trial(rate), Data, new StudyOptions { ParallelTrials = 1 });

    private Study Run(string name, int count, Predicate<int>? begin = null, CancellationTokenSource? stop = null, int atOnce = 1)
    {
        var plan = StudyPlan
            .From(0.0)
            .VaryLogUniform("rate", 1e-3, 10, (_, value) => value)
            .Vary("kind", ["a", "b"], (setting, kind) => kind == "a" ? setting : setting / 2)
            .Search(count, seed: 3);
        return Study.Run(
            Folder[name],
            plan,
            (rate, _) => Trial(rate) with { Callbacks = stop is null ? [] : [new StopsWhen(Folder[name], begin!, stop)] },
            atOnce == 1 ? Data : new FitData { Train = new Shared(Tiny), Test = new Shared(Tiny) },
            new StudyOptions { Monitor = "test_loss", ParallelTrials = atOnce },
            cancellationToken: stop?.Token ?? default
        );
    }

    private static StudyTrial Trial(double rate) =>
        new()
        {
            Model = TinyModel.Create(),
            Options = new TrainerOptions
            {
                Epochs = 2,
                BatchSize = 16,
                Device = "cpu",
                DefaultCallbacks = true,
                Optimizer = new SgdOptions { LearningRate = rate },
            },
        };

    /// <summary>Cancels the study in the second epoch of a trial.</summary>
    private sealed class StopsWhen(string study, Predicate<int> isTheOne, CancellationTokenSource stop) : Callback
    {
        public override void OnStepEnd(VisionSeqModels.Training.StepEndEvent e)
        {
            if (isTheOne(Study.Open(study).Trials.Count) && e.Step == 6)
            {
                stop.Cancel();
            }
        }
    }

    /// <summary>Data that several trials may read at once.</summary>
    private sealed class Shared(TinyData data) : IBatchSource
    {
        public string Name => data.Name;

        public long? SampleCount => data.SampleCount;

        public bool SupportsConcurrentReads => true;

        public IEnumerable<Batch> Read(BatchRequest request) => data.Read(request);
    }

    /// <summary>Half of the range, then half of what it saw last.</summary>
    private sealed class Halves : IStudySampler
    {
        public List<(double Rate, double? Score)> Seen { get; } = [];

        public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random) =>
            [(Seen.Count == 0 ? space[0].To : Seen[^1].Rate) / 2];

        public void Tell(IReadOnlyList<double> point, double? score) => Seen.Add((point[0], score));
    }

    private sealed class Always(double number) : IStudySampler
    {
        public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random) => [number];

        public void Tell(IReadOnlyList<double> point, double? score) { }
    }
}
