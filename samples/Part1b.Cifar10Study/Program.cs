// Part 1b of the homework: which of two values each of batch size, learning rate, optimizer and width is better for LeNet
// on CIFAR-10?
using VisionSeqModels;
using VisionSeqModels.Samples;
using VisionSeqModels.Studies;

var settings = new SampleSettings
{
    Name = "cifar10-study",
    Description =
        "Compares batch size, learning rate, optimizer and width of LeNet on CIFAR-10, one at a time; run it again "
        + "with the same --out to resume it.",
};

return SampleProgram.Run(args, settings, Compare, StudyFlags.Seeds, StudyFlags.Parallel);

int Compare(SampleRun run)
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
    var plan = StudyPlan
        .From(new Setting())
        .Vary("batch size", [64, 32], (setting, value) => setting with { BatchSize = value })
        .Vary("learning rate", [0.001, 0.0005], (setting, value) => setting with { LearningRate = value })
        .Vary("optimizer", ["Adam", "SGD"], (setting, value) => setting with { Optimizer = value })
        .Vary("fc1 units", [120, 1024], (setting, value) => setting with { Units = value })
        .OneAtATime();

    var study = Study.Run(
        run.RunDirectory,
        plan,
        (setting, seed) =>
            new StudyTrial
            {
                Model = VisionModels.LeNet(LeNetOptions.For(data) with { Fc1Size = setting.Units, Seed = seed }),
                Options = new TrainerOptions
                {
                    Epochs = run.Arguments.Epochs,
                    BatchSize = setting.BatchSize,
                    Device = run.Arguments.Device,
                    Optimizer =
                        setting.Optimizer == "Adam"
                            ? new AdamOptions { LearningRate = setting.LearningRate }
                            : new SgdOptions { LearningRate = setting.LearningRate, Momentum = run.Arguments.Momentum },
                },
            },
        new FitData { Train = data.Train, Test = data.Test },
        new StudyOptions
        {
            Question = $"LeNet on {data.Name}: what do batch size, learning rate, optimizer and width change?",
            Command = CommandText.OfThisProcess,
            Seeds = run.Seeds,
            ParallelTrials = run.ParallelTrials,
            Progress = new StudyProgressReporter(Console.Out, live: !Console.IsOutputRedirected),
        },
        run.Logger,
        run.CancellationToken
    );
    study.WriteReport();
    return run.Report(study);
}

/// <summary>What the study varies, and the homework's base setting.</summary>
internal sealed record Setting(int BatchSize = 64, double LearningRate = 0.001, string Optimizer = "Adam", int Units = 120);
