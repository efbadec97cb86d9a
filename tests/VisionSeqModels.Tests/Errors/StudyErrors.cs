using VisionSeqModels.Data;
using VisionSeqModels.Studies;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with studies, by the ids of docs/errors.</summary>
internal static class StudyErrors
{
    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("study-settings", _ => StudyPlan.List<int>()),
            ("study-names", _ => StudyPlan.List(("a", 1), ("a", 2))),
            ("study-missing", folder => Study.Open(folder.Root)),
            (
                "study-format",
                folder =>
                {
                    File.WriteAllText(folder["study.json"], """{"format": 9}""");
                    Study.Open(folder.Root);
                }
            ),
            (
                "study-damaged",
                folder =>
                {
                    File.WriteAllText(folder["study.json"], "[]");
                    Study.Open(folder.Root);
                }
            ),
            (
                "study-monitor",
                folder =>
                {
                    RunStudy(folder, StudyPlan.List(("a", 0.1)), "train_loss");
                    RunStudy(folder, StudyPlan.List(("a", 0.1)), "train_accuracy");
                }
            ),
            (
                "study-factors",
                folder =>
                {
                    RunStudy(folder, StudyPlan.From(0.1).Vary("rate", [0.1], (_, value) => value).OneAtATime(), "train_loss");
                    RunStudy(folder, StudyPlan.From(0.1).Vary("rate", [0.2], (_, value) => value).OneAtATime(), "train_loss");
                }
            ),
            (
                "study-parallel",
                folder => RunStudy(folder, StudyPlan.List(("a", 0.1)), "train_loss", new StudyOptions { ParallelTrials = 2 })
            ),
            (
                "study-disk",
                folder =>
                {
                    int made = 0;
                    RunStudy(
                        folder,
                        StudyPlan.List(("a", 0.1), ("b", 0.1)),
                        "train_loss",
                        make: () =>
                        {
                            if (++made == 1)
                            {
                                return new StudyTrial { Model = TinyModel.Create(), Options = TrainingErrors.Options };
                            }

                            File.Delete(folder["study/study.json"]);
                            Directory.CreateDirectory(folder["study/study.json/in-the-way"]);
                            throw new InvalidOperationException("a trial that fails");
                        }
                    );
                }
            ),
            (
                "study-ledger-late",
                folder =>
                {
                    var ledger = new FolderLedger(folder["ledger"]);
                    var late = ledger.Claim(["001_a"], LedgerRequest("sleeper"))!;
                    foreach (string path in Directory.EnumerateFiles(folder.Root, "*.json", SearchOption.AllDirectories))
                    {
                        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-1));
                    }

                    ledger.Claim(["001_a"], LedgerRequest("other"));
                    ledger.Renew(late, new TrialPosition());
                }
            ),
            (
                "study-ledger-machine",
                folder =>
                {
                    var ledger = new FolderLedger(folder["ledger"]);
                    ledger.Release(ledger.Claim(["001_a_seed1"], LedgerRequest("other"))!, null, null);
                    RunStudy(
                        folder,
                        StudyPlan.List(("a", 0.1)),
                        "train_loss",
                        new StudyOptions { Ledger = ledger, OnDifferentMachine = MachineDifference.Refuse }
                    );
                }
            ),
            ("study-ledger-empty", folder => Study.Open(new FolderLedger(folder["ledger"]), folder["desk"])),
            (
                "study-ledger-damaged",
                folder =>
                {
                    Directory.CreateDirectory(folder["ledger/trials/001_a/000001"]);
                    File.WriteAllText(folder["ledger/trials/001_a/000001/entry.json"], "{}");
                    new FolderLedger(folder["ledger"]).Trials();
                }
            ),
            (
                "study-ledger-rules",
                folder =>
                {
                    var ledger = new FolderLedger(folder["ledger"]);
                    ledger.Release(ledger.Claim(["001_a"], LedgerRequest("w"))!, null, null);
                    Directory.CreateDirectory(folder["ledger/trials/001_a/000003"]);
                    File.Copy(folder["ledger/trials/001_a/000002/entry.json"], folder["ledger/trials/001_a/000003/entry.json"]);
                    new FolderLedger(folder["ledger"]).Trials();
                }
            ),
            ("study-ledger-file", folder => TrialFile.Write(folder["trial"], "../run.json", _ => { })),
            ("study-fold-source", folder => RunStudy(folder, StudyPlan.List(("a", 0.1)).WithFolds(2), "test_loss")),
            ("study-fold-validation", folder => RunOnImages(folder, validation: true, folds: 2)),
            ("study-fold-count", folder => RunOnImages(folder, validation: false, folds: 99)),
            (
                "study-folds",
                folder =>
                {
                    RunOnImages(folder, validation: false, folds: 2);
                    RunOnImages(folder, validation: false, folds: 3);
                }
            ),
            (
                "study-division",
                folder =>
                {
                    RunOnImages(folder, validation: false, folds: 2, group: index => index / 2);
                    RunOnImages(folder, validation: false, folds: 2, group: index => index / 4);
                }
            ),
            (
                "study-changes",
                folder =>
                {
                    RunStudy(folder, StudyPlan.List(("a", 0.1)), "train_loss");
                    RunStudy(
                        folder,
                        StudyPlan.List(("a", 0.1)),
                        "train_loss",
                        make: () =>
                            new StudyTrial { Model = TinyModel.Create(), Options = TrainingErrors.Options with { Epochs = 7 } }
                    );
                }
            ),
            (
                "study-shared",
                folder =>
                {
                    var model = TinyModel.Create();
                    RunStudy(
                        folder,
                        StudyPlan.List(("a", 0.1), ("b", 0.2)),
                        "train_loss",
                        make: () => new StudyTrial { Model = model, Options = TrainingErrors.Options }
                    );
                }
            ),
            (
                "study-disposed",
                folder =>
                {
                    int trials = 0;
                    RunStudy(
                        folder,
                        StudyPlan.List(("a", 0.1), ("b", 0.2)),
                        "train_loss",
                        make: () =>
                            ++trials > 1
                                ? throw new ObjectDisposedException("backbone")
                                : new StudyTrial { Model = TinyModel.Create(), Options = TrainingErrors.Options }
                    );
                }
            ),
            (
                "study-optimizer",
                folder =>
                    RunStudy(
                        folder,
                        StudyPlan.List(("a", 0.1)),
                        "train_loss",
                        make: () =>
                            new StudyTrial
                            {
                                Model = TinyModel.Create(),
                                Options = TrainingErrors.Options with { Optimizer = new SameOptimizer() },
                            }
                    )
            ),
            (
                "study-data-once",
                folder =>
                {
                    using var data = new TinyData(16);
                    var batches = new Queue<Batch>([new Batch(data.Inputs, data.Targets)]);
                    Study.Run(
                        folder["study"],
                        StudyPlan.List(("a", 1), ("b", 2)),
                        (_, _) =>
                            new StudyTrial { Model = TinyModel.Create(), Options = TrainingErrors.Options with { Epochs = 1 } },
                        new FitData { Train = BatchSource.From("once", Drain(batches)) }
                    );
                }
            ),
            ("study-no-factor", _ => StudyPlan.From(0.1).Grid()),
            (
                "study-factor-twice",
                _ => StudyPlan.From(0.1).Vary("rate", [0.1], (_, value) => value).Vary("rate", [0.2], (_, value) => value)
            ),
            ("study-metric", folder => RunStudy(folder, StudyPlan.List(("a", 0.1)), "test_acuracy")),
            (
                "study-sampler-null",
                folder => RunStudy(folder, Rates("rate").Search(count: 3, seed: 1, () => null!), "train_loss")
            ),
            (
                "study-sampler-point",
                folder => RunStudy(folder, Rates("rate").Search(count: 3, seed: 1, () => new Seventh()), "train_loss")
            ),
            (
                "study-search-factors",
                folder =>
                {
                    RunStudy(folder, Rates("rate").Search(count: 1, seed: 1), "train_loss");
                    RunStudy(folder, Rates("decay").Search(count: 1, seed: 1), "train_loss");
                }
            ),
            ("study-range", _ => StudyPlan.From(0.1).VaryUniform("rate", 0.1, 1, (_, value) => value).Grid()),
            (
                "study-search-part",
                _ => StudyPlan.From(0.1).Vary("rate", [0.1, 0.2], (_, value) => value).Search(count: 2, seed: 1).Where(_ => true)
            ),
            ("study-range-ends", _ => StudyPlan.From(0.1).VaryUniform("rate", 1, 0.1, (_, value) => value)),
            (
                "study-random-count",
                _ => StudyPlan.From(0.1).Vary("rate", [0.1, 0.2], (_, value) => value).Random(count: 3, seed: 1)
            ),
            (
                "study-random-narrow",
                _ => StudyPlan.From(0.1).VaryUniform("rate", 1, 1.1, (_, value) => value).Random(count: 30, seed: 1)
            ),
        ];

    private static StudyPlanBuilder<double> Rates(string name) =>
        StudyPlan.From(0.1).VaryUniform(name, 0.1, 1, (_, value) => value);

    private sealed class Seventh : IStudySampler
    {
        public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random) => [7];

        public void Tell(IReadOnlyList<double> point, double? score) { }
    }

    private static IEnumerable<Batch> Drain(Queue<Batch> batches)
    {
        while (batches.TryDequeue(out var batch))
        {
            yield return batch;
        }
    }

    private static void RunOnImages(TempFolder folder, bool validation, int folds, Func<long, long>? group = null)
    {
        using var images = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 24,
                TestCount = 8,
                Size = 16,
            }
        );
        Study.Run(
            folder["study"],
            StudyPlan.List(("a", 1)).WithFolds(folds, group: group),
            (_, seed) =>
                new StudyTrial
                {
                    Model = SequenceModels.Rnn(RecurrentOptions.For(images) with { HiddenSize = 2, Seed = seed }),
                    Options = new TrainerOptions { Epochs = 1, Device = "cpu" },
                },
            new FitData { Train = images.Train, Validation = validation ? images.Test : null }
        );
    }

    private sealed record SameOptimizer : OptimizerOptions
    {
        private static optim.Optimizer? made;

        public override double LearningRate { get; init; } = 0.1;

        protected override optim.Optimizer Create(IReadOnlyList<TorchSharp.Modules.Parameter> parameters) =>
            made ??= optim.SGD(parameters, LearningRate);
    }

    private static void RunStudy(
        TempFolder folder,
        StudyPlan<double> plan,
        string monitor,
        StudyOptions? options = null,
        Func<StudyTrial>? make = null
    )
    {
        make ??= () => new StudyTrial { Model = TinyModel.Create(), Options = TrainingErrors.Options };
        Study.Run(
            folder["study"],
            plan,
            (_, _) => make(),
            new FitData { Train = new TinyData(16) },
            (options ?? new StudyOptions()) with
            {
                Monitor = monitor,
            }
        );
    }

    private static ClaimRequest LedgerRequest(string worker) =>
        new()
        {
            Worker = worker,
            Lease = TimeSpan.FromMinutes(1),
            Machine = new WorkerMachine
            {
                Architecture = "Other",
                InstructionSet = "none",
                TorchSharp = "0",
                Threads = 1,
            },
        };
}
