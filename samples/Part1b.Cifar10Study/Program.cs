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
        + "with the same --out to go on.",
};

return SampleProgram.Run(args, settings, Compare, StudyFlags.Seeds, StudyFlags.Parallel);

int Compare(SampleRun run)
{
    using var data = run.LoadData();
    var plan = StudyPlan.OneFactorAtATime(
        new Setting(),
        StudyFactor.Of<Setting, int>("batch size", [64, 32], (setting, value) => setting with { BatchSize = value }),
        StudyFactor.Of<Setting, double>(
            "learning rate",
            [0.001, 0.0005],
            (setting, value) => setting with { LearningRate = value }
        ),
        StudyFactor.Of<Setting, string>("optimizer", ["Adam", "SGD"], (setting, value) => setting with { Optimizer = value }),
        StudyFactor.Of<Setting, int>("fc1 units", [120, 1024], (setting, value) => setting with { Units = value })
    );

    return run.Compare(
        $"LeNet on {data.Name}: what do batch size, learning rate, optimizer and width change?",
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
        data
    );
}

/// <summary>What the study varies, and the homework's base setting.</summary>
internal sealed record Setting
{
    public int BatchSize { get; init; } = 64;

    public double LearningRate { get; init; } = 0.001;

    public string Optimizer { get; init; } = "Adam";

    public int Units { get; init; } = 120;
}
