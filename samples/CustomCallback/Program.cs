// A callback of one's own: what it may do, when it runs, and how it survives an interruption.
using VisionSeqModels;
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "custom-callback",
    Description = "Trains a LeNet within a budget of seconds, watched by two callbacks of this sample's own.",
    Epochs = 100,
    QuickEpochs = 8,
    QuickLearningRate = 2e-3,
};
var budget = Flag.Count("--budget", "Seconds of training to spend (default 20)", minimum: 1);

return SampleProgram.Run(args, settings, Train, budget);

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
        },
        run.Logger
    )
    {
        Callbacks =
        {
            new ProgressReporter(Console.Out, live: !Console.IsOutputRedirected),
            new RunRecorder { Extra = run.Facts() },
            new TimeBudget(TimeSpan.FromSeconds(run.Line.GetValue(budget) ?? 20)),
            new WeightChange(Console.Out),
        },
    };
    Console.Write(trainer.DescribeOrder());

    var history = run.Resumes()
        ? trainer.Resume(run.RunDirectory, model, data.Train, data.Test, run.CancellationToken)
        : trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
    Console.WriteLine(history.StopMessage ?? "The budget was enough for all epochs.");
    return run.Report(history);
}
