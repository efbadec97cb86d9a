// Part 2 of the homework: what a LeNet learned, after Zeiler and Fergus (2013) and the methods that grew from their work,
// on one page.
using VisionSeqModels;
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "deconvnet",
    Description =
        "Trains a LeNet, or loads one, and shows what its features look for: the Deconvnet, occlusion, and "
        + "attribution maps, as one report.",
    Check = line =>
        line.Has("--weights")
        && line.FirstOf("--epochs", "--batch-size", "--lr", "--optimizer", "--momentum", "--resume") is string flag
            ? $"{flag} is for training, but --weights loads a trained model."
            : null,
    QuickEpochs = 8,
    QuickLearningRate = 2e-3,
};
var weights = Flag.Text("--weights", "FILE", "Weights of a LeNet (.safetensors) to load instead of training one");

return SampleProgram.Run(args, settings, Show, weights);

int Show(SampleRun run)
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
    if (run.Line.GetValue(weights) is string file)
    {
        model.LoadWeights(file);
        Directory.CreateDirectory(run.RunDirectory);
    }
    else
    {
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
                new FeatureEvolution(data.Test, "activation2") { Epochs = [1, 2, 5, 10, 20], Maps = [0, 1, 2, 3] },
            },
        };
        var history = run.Resumes()
            ? trainer.Resume(run.RunDirectory, model, data.Train, data.Test, run.CancellationToken)
            : trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
        int exitCode = run.Report(history);
        if (exitCode != ExitCode.Done)
        {
            return exitCode;
        }
    }

    new FeatureReport(run, model, data).Write();
    Console.WriteLine($"Report: {Path.GetFullPath(run.In(FeatureReport.FileName))}");
    return ExitCode.Done;
}
