// Part 3a of the homework: a vanilla RNN reads MNIST digits row by row. With --study: which learning rate, optimizer and
// hidden size is best for it?
using VisionSeqModels;
using VisionSeqModels.Samples;
using VisionSeqModels.Studies;
using VisionSeqModels.Visualization;

var settings = new SampleSettings
{
    Name = "mnist-rnn",
    Description =
        "Trains the vanilla RNN of part 3a on the rows of MNIST digits and draws what it does step by step; with "
        + "--study, compares learning rate, optimizer and hidden size.",
    NaturalData = "mnist",
    Optimizer = "sgd",
    LearningRate = 1e-3,
    Momentum = 0.9,
};
var hiddenSize = Flag.HiddenSize();

return SampleProgram.Run(
    args,
    settings,
    run => run.Line.GetValue(StudyFlags.Study) ? Compare(run) : Train(run),
    [hiddenSize, .. StudyFlags.All]
);

int Compare(SampleRun run)
{
    using var data = run.LoadData();
    var plan = StudyPlan.OneFactorAtATime(
        new Setting(),
        StudyFactor.Of<Setting, double>(
            "learning rate",
            [0.001, 0.01],
            (setting, value) => setting with { LearningRate = value }
        ),
        StudyFactor.Of<Setting, string>("optimizer", ["SGD", "Adam"], (setting, value) => setting with { Optimizer = value }),
        StudyFactor.Of<Setting, int>("hidden size", [128, 64, 256], (setting, value) => setting with { HiddenSize = value })
    );

    return run.Compare(
        $"A vanilla RNN on the rows of {data.Name}: what do learning rate, optimizer and hidden size change?",
        plan,
        (setting, seed) =>
            new StudyTrial
            {
                Model = SequenceModels.Rnn(RecurrentOptions.For(data) with { HiddenSize = setting.HiddenSize, Seed = seed }),
                Options = new TrainerOptions
                {
                    Epochs = run.Arguments.Epochs,
                    BatchSize = run.Arguments.BatchSize,
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

int Train(SampleRun run)
{
    using var data = run.LoadData();
    using var model = SequenceModels.Rnn(
        RecurrentOptions.For(data) with
        {
            HiddenSize = (int)(run.Line.GetValue(hiddenSize) ?? 128),
            Seed = run.Arguments.Seed,
        }
    );

    var trainer = run.CreateTrainer();
    var history = trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
    int exitCode = run.Report(history);
    if (exitCode == ExitCode.Done)
    {
        var views = RecurrentPictures.Write(model, data.Test, run.RunDirectory);
        RecurrentPictures.WriteCharts(
            new Dictionary<string, (PrefixAccuracy, GradientFlow)> { ["RNN"] = views },
            run.RunDirectory
        );
    }

    return exitCode;
}

/// <summary>What the study varies, and the homework's final setting.</summary>
internal sealed record Setting
{
    public double LearningRate { get; init; } = 0.001;

    public string Optimizer { get; init; } = "SGD";

    public int HiddenSize { get; init; } = 128;
}
