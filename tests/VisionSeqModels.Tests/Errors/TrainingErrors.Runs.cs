namespace VisionSeqModels.Tests.Errors;

internal static partial class TrainingErrors
{
    private static IEnumerable<(string Id, Action<TempFolder> Cause)> Runs =>
        [
            ("run-exists", folder => Twice(folder, () => Run(folder))),
            (
                "run-in-use",
                folder =>
                {
                    Run(folder);
                    using var other = new FileStream(
                        Path.Combine(folder["run"], ".lock"),
                        FileMode.OpenOrCreate,
                        FileAccess.ReadWrite,
                        FileShare.None
                    );
                    Resume(folder);
                }
            ),
            (
                "run-not-writable",
                folder =>
                {
                    File.WriteAllText(folder["run"], "a file");
                    Run(folder);
                }
            ),
            (
                "run-other-folder",
                folder =>
                    new Trainer(Options with { RunDirectory = folder["a"] }).Resume(
                        folder["b"],
                        TinyModel.Create(),
                        new TinyData(16)
                    )
            ),
            (
                "callback-state-key",
                folder =>
                    new Trainer(Options with { RunDirectory = folder["run"] })
                    {
                        Callbacks =
                        {
                            new EarlyStopping { Monitor = "train_loss" },
                            new EarlyStopping { Monitor = "train_loss", RestoreBestWeights = false },
                        },
                    }.Fit(TinyModel.Create(), new TinyData(16))
            ),
            ("resume-nothing", folder => Resume(folder)),
            (
                "resume-damaged",
                folder =>
                {
                    Run(folder);
                    foreach (string path in Directory.GetFiles(folder["run/checkpoints"], "*.state.safetensors"))
                    {
                        Damage(path);
                    }

                    Resume(folder);
                }
            ),
            (
                "resume-options",
                folder =>
                {
                    Run(folder);
                    Resume(folder, Options with { BatchSize = 4 });
                }
            ),
            (
                "resume-seed",
                folder =>
                {
                    Run(folder);
                    Resume(folder, Options with { Seed = 2 });
                }
            ),
            (
                "resume-data",
                folder =>
                {
                    Run(folder);
                    new Trainer(Options).Resume(folder["run"], TinyModel.Create(), new TinyData(24));
                }
            ),
            (
                "resume-groups",
                folder =>
                {
                    Run(folder);
                    var model = TinyModel.Create();
                    model.get_parameter("hidden.bias")!.requires_grad = false;
                    new Trainer(Options with { Epochs = 2 }).Resume(folder["run"], model, new TinyData(16));
                }
            ),
            (
                "resume-optimizer",
                folder =>
                {
                    Run(folder, Options with { Optimizer = new Renamed { Momentum = 0.9 } });
                    Resume(
                        folder,
                        Options with
                        {
                            Optimizer = new Renamed { Momentum = 0.9, IsAdam = true },
                        }
                    );
                }
            ),
            (
                "resume-metrics",
                folder =>
                {
                    using var source = new CancellationTokenSource();
                    new Trainer(Options with { RunDirectory = folder["run"], SaveStateEverySteps = 1 })
                    {
                        Callbacks =
                        {
                            new TracingCallback([]) { At = "StepEnd 1", Act = _ => source.Cancel() },
                        },
                    }.Fit(TinyModel.Create(), new TinyData(16), cancellationToken: source.Token);
                    Resume(folder, Options with { Metrics = [new Accuracy(), new F1Score(2)] });
                }
            ),
            (
                "callback-state",
                folder =>
                {
                    new Trainer(Options with { RunDirectory = folder["run"] }) { Callbacks = { new Stateful() } }.Fit(
                        TinyModel.Create(),
                        new TinyData(16)
                    );
                    new Trainer(Options with { Epochs = 2 }) { Callbacks = { new Stateful { Asks = "number" } } }.Resume(
                        folder["run"],
                        TinyModel.Create(),
                        new TinyData(16)
                    );
                }
            ),
            ("run-record-missing", folder => TrainingHistory.Load(folder.Root)),
            (
                "run-record-format",
                folder =>
                {
                    File.WriteAllText(folder["run.json"], """{"format": 9}""");
                    TrainingHistory.Load(folder.Root);
                }
            ),
            (
                "run-record-damaged",
                folder =>
                {
                    File.WriteAllText(folder["run.json"], "[1]");
                    TrainingHistory.Load(folder.Root);
                }
            ),
        ];
}
