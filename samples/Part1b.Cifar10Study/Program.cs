// Part 1b of the homework: which of two values each of batch size, learning rate, optimizer and width is better for LeNet on CIFAR-10?
using VisionSeqModels;
using VisionSeqModels.Data;
using VisionSeqModels.Samples;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;

var settings = new SampleSettings
{
    Name = "cifar10-study",
    Description = "Compares batch size, learning rate, optimizer and width of LeNet on CIFAR-10, one at a time; run it again with the same --out to go on.",
};
var seeds = Flag.Count("--seeds", "Seeds for each setting, from --seed on (default 1); with several the report says whether differences are more than chance", minimum: 1);

return SampleProgram.Run(args, settings, Compare, seeds);

int Compare(SampleRun run)
{
    var plan = StudyPlan.OneFactorAtATime(
        new Setting(),
        StudyFactor.Of<Setting, int>("batch size", [64, 32], (setting, value) => setting with { BatchSize = value }),
        StudyFactor.Of<Setting, double>("learning rate", [0.001, 0.0005], (setting, value) => setting with { LearningRate = value }),
        StudyFactor.Of<Setting, string>("optimizer", ["Adam", "SGD"], (setting, value) => setting with { Optimizer = value }),
        StudyFactor.Of<Setting, int>("fc1 units", [120, 1024], (setting, value) => setting with { Units = value }));

    using var data = run.LoadData();
    StudyTrial Make(Setting setting, long seed) => new()
    {
        Model = VisionModels.LeNet(LeNetOptions.For(data) with { Fc1Size = setting.Units, Seed = seed }),
        Options = new TrainerOptions
        {
            Epochs = run.Arguments.Epochs, BatchSize = setting.BatchSize, Device = run.Arguments.Device,
            Optimizer = setting.Optimizer == "Adam" ? new AdamOptions { LearningRate = setting.LearningRate } : new SgdOptions { LearningRate = setting.LearningRate, Momentum = run.Arguments.Momentum },
        },
        Callbacks = [new ProgressReporter(Console.Out, live: !Console.IsOutputRedirected)],
    };

    var study = Study.Run(
        run.RunDirectory, plan, Make, new FitData { Train = data.Train, Test = data.Test },
        new StudyOptions
        {
            Question = $"LeNet on {data.Name}: what do batch size, learning rate, optimizer and width change?",
            Seeds = [.. Enumerable.Range(0, (int)(run.Line.GetValue(seeds) ?? 1)).Select(i => run.Arguments.Seed + i)],
            Command = Environment.CommandLine, Progress = Console.Out,
        }, run.Logger, run.CancellationToken);
    study.WriteReport();
    Console.WriteLine($"Report: {Path.GetFullPath(Path.Combine(run.RunDirectory, "report.html"))}");
    return run.CancellationToken.IsCancellationRequested ? ExitCode.Interrupted : study.Rows.All(row => row.Outcome == StopReason.Failed) ? ExitCode.Failed : ExitCode.Done;
}

/// <summary>What the study varies, and the homework's base setting.</summary>
internal sealed record Setting
{
    public int BatchSize { get; init; } = 64;

    public double LearningRate { get; init; } = 0.001;

    public string Optimizer { get; init; } = "Adam";

    public int Units { get; init; } = 120;
}
