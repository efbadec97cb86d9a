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
        + "with the same --out to resume it. --batch-size, --lr, --optimizer and --fc1 change the base setting.",
    Continues = true,
    QuickEpochs = 10,
    StudiesOptimizers = _ => true,
};
var fc1 = Flag.Count("--fc1", "Units of the first fully connected layer in the base setting (default 120)", minimum: 1);

return SampleProgram.Run(args, settings, Compare, [fc1, .. StudyFlags.OfStudies]);

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
    var own = new Setting(
        run.Arguments.BatchSize,
        run.Arguments.LearningRate,
        run.Arguments.Optimizer == "sgd" ? "SGD" : "Adam",
        (int)(run.Line.GetValue(fc1) ?? 120)
    );
    // The first value of each factor is the base's own.
    var plan = StudyPlan
        .From(own)
        .Vary("batch size", StudyFlags.Values(own.BatchSize, 64, 32), (setting, value) => setting with { BatchSize = value })
        .Vary(
            "learning rate",
            StudyFlags.Values(own.LearningRate, 0.001, 0.0005),
            (setting, value) => setting with { LearningRate = value }
        )
        .Vary(
            "optimizer",
            StudyFlags.Values(own.Optimizer, "Adam", "SGD"),
            (setting, value) => setting with { Optimizer = value }
        )
        .Vary("fc1 units", StudyFlags.Values(own.Units, 120, 1024), (setting, value) => setting with { Units = value })
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
        run.StudyOptions($"LeNet on {data.Name}: what do batch size, learning rate, optimizer and width change?"),
        run.Logger,
        run.CancellationToken
    );
    study.WriteReport();
    return run.Report(study);
}

/// <summary>What the study varies. The homework's base setting is 64, 0.001, Adam, 120.</summary>
internal sealed record Setting(int BatchSize, double LearningRate, string Optimizer, int Units);
