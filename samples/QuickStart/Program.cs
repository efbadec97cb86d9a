// The program of the README, with values from the command line: data, model, trainer, and a run folder full of results.
using VisionSeqModels;
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "quickstart",
    Description = "Trains a LeNet on CIFAR-10 if it is found or can be downloaded, else on synthetic images.",
    Epochs = 5,
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
            RunDirectory = run.RunDirectory,
            Device = run.Arguments.Device,
            Optimizer =
                run.Arguments.Optimizer == "sgd"
                    ? new SgdOptions { LearningRate = run.Arguments.LearningRate, Momentum = run.Arguments.Momentum }
                    : new AdamOptions { LearningRate = run.Arguments.LearningRate },
        },
        run.Logger
    )
    {
        Callbacks =
        {
            new ProgressReporter(Console.Out, live: !Console.IsOutputRedirected),
            new EarlyStopping { Monitor = "test_loss", Patience = 3 },
        },
    };

    TrainingHistory history = run.Resumes()
        ? trainer.Resume(run.RunDirectory, model, data.Train, data.Test, run.CancellationToken)
        : trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
    int exitCode = run.Report(history);
    if (exitCode == ExitCode.Done)
    {
        Charts.LearningCurves(history).SavePng(run.In("curves.png"));
        Console.WriteLine($"test accuracy {history["test_accuracy"][^1]:f4}, everything else is in {run.RunDirectory}");
    }

    return exitCode;
}
