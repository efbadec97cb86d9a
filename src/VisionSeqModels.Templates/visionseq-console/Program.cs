using VisionSeqModels;

#if (isRecurrent)
using var data = args.Contains("--synthetic")
    ? SyntheticImages.Create(new SyntheticImagesOptions { Channels = 1, Size = 28 })
    : Mnist.Load(); // found or downloaded
using var model = SequenceModels.CellName(RecurrentOptions.For(data) with { HiddenSize = 128, Seed = 1 });
#else
using var data = args.Contains("--synthetic") ? SyntheticImages.Create() : Cifar10.Load(); // found or downloaded
using var model = VisionModels.LeNet(LeNetOptions.For(data) with { Seed = 1 });
#endif

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true; // the trainer ends after the step under way, with its state saved
    stop.Cancel();
};

const string Run = "run";
var trainer = new Trainer(
    new TrainerOptions
    {
        Epochs = 5,
        BatchSize = 64,
        Seed = 1,
        RunDirectory = Run,
        Optimizer = new AdamOptions { LearningRate = 1e-3 },
    }
)
{
    Callbacks = { new ProgressReporter(Console.Out, live: !Console.IsOutputRedirected) },
};

// Stopped or killed, the same command resumes where it was; delete the folder to start again.
var fit = new FitData { Train = data.Train, Test = data.Test };
TrainingHistory history = RunDirectory.CanResume(Run)
    ? trainer.Resume(Run, model, fit, stop.Token)
    : trainer.Fit(model, fit, stop.Token);

string accuracy =
    history.StopReason == StopReason.Completed
        ? $"test accuracy {history["test_accuracy"][^1]:f3}"
        : $"stopped: {history.StopReason}";
Console.WriteLine($"{accuracy}. Weights, curves and pictures are in {Path.GetFullPath(Run)}");
