// Part 1c of the homework, the final run: LeNet on CIFAR-10 with its learning curves, first-layer filters and activation
// statistics.
using VisionSeqModels;
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "cifar10-lenet",
    Description = "Trains the LeNet of part 1c on CIFAR-10 and draws its curves, first-layer filters and activation statistics.",
    QuickEpochs = 8,
    QuickLearningRate = 2e-3,
};

// The study of part 1b compares 120 with 1024 units in the first fully connected layer.
var fc1 = Flag.Count("--fc1", "Units of the first fully connected layer (default 120)", minimum: 1);

return SampleProgram.Run(args, settings, Train, fc1);

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
    using var model = VisionModels.LeNet(
        LeNetOptions.For(data) with
        {
            Fc1Size = (int)(run.Line.GetValue(fc1) ?? 120),
            Seed = run.Arguments.Seed,
        }
    );

    // With a run directory the trainer itself writes metrics.csv, run.json, curves.png, conv1_weights.png, activations.png,
    // activations.json, checkpoints/ and the TensorBoard events.
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
    var history = run.Resumes()
        ? trainer.Resume(run.RunDirectory, model, data.Train, data.Test, run.CancellationToken)
        : trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
    return run.Report(history);
}
