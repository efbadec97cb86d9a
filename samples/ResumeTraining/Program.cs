// A run that can be stopped at any instant, by Ctrl+C or by kill -9, and resumes where it was when it is started again.
using VisionSeqModels;
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "resume-training",
    Description =
        "Trains a LeNet; stop it with Ctrl+C or kill it, and run it again with the same --out: it resumes from its last state.",
    Epochs = 20,
    RunDirectory = Path.Combine("runs", "resume-training"), // the same folder each time, not a new one
    Continues = true,
    QuickEpochs = 8,
    QuickLearningRate = 2e-3,
};

return SampleProgram.Run(args, settings, Train);

int Train(SampleRun run)
{
    using var data = run.LoadData(
        (name, folder, options) =>
            name switch
            {
                "cifar10" => Cifar10.Load(folder, options),
                "mnist" => Mnist.Load(folder, options),
                "fashion-mnist" => FashionMnist.Load(folder, options),
                _ => SyntheticImages.Create(run.SyntheticImages),
            }
    );
    using var model = VisionModels.LeNet(LeNetOptions.For(data) with { Seed = run.Arguments.Seed });

    var trainer = new Trainer(
        new TrainerOptions
        {
            Epochs = run.Arguments.Epochs,
            BatchSize = run.Arguments.BatchSize,
            Seed = run.Arguments.Seed,
            Device = run.Arguments.Device,
            RunDirectory = run.RunDirectory,
            Optimizer =
                run.Arguments.Optimizer == "sgd"
                    ? new SgdOptions { LearningRate = run.Arguments.LearningRate, Momentum = run.Arguments.Momentum }
                    : new AdamOptions { LearningRate = run.Arguments.LearningRate },
            // At an epoch's end the state is saved anyway. A state takes some milliseconds, so every 20 steps costs little.
            SaveStateEverySteps = 20,
        },
        run.Logger
    )
    {
        Callbacks =
        {
            new ProgressReporter(Console.Out, live: !Console.IsOutputRedirected),
            new RunRecorder { Extra = run.Facts() },
        },
    };
    TrainingHistory history;
    if (RunDirectory.CanResume(run.RunDirectory))
    {
        Console.WriteLine($"Resuming the run in {run.RunDirectory}");
        history = trainer.Resume(run.RunDirectory, model, data.Train, data.Test, run.CancellationToken);
        var resumed = history.Resumes[^1];
        Console.WriteLine(
            history.Steps > resumed.Step
                ? $"It resumed from step {resumed.Step}, in or after epoch {resumed.Epoch}."
                : "It had come to its end before; give more --epochs to train on."
        );
    }
    else
    {
        history = trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
    }

    return run.Report(history);
}
