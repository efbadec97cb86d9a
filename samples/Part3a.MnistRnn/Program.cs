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
    using var data = Load(run);
    var plan = StudyPlan
        .From(new Setting())
        .Vary("learning rate", [0.001, 0.01], (setting, value) => setting with { LearningRate = value })
        .Vary("optimizer", ["SGD", "Adam"], (setting, value) => setting with { Optimizer = value })
        .Vary("hidden size", [128, 64, 256], (setting, value) => setting with { HiddenSize = value })
        .OneAtATime();

    var study = Study.Run(
        run.RunDirectory,
        plan,
        (setting, seed) =>
            new StudyTrial
            {
                Model = SequenceModels.Rnn(RecurrentOptions.For(data) with { HiddenSize = setting.HiddenSize, Seed = seed }),
                Options = Options(run) with
                {
                    Optimizer =
                        setting.Optimizer == "Adam"
                            ? new AdamOptions { LearningRate = setting.LearningRate }
                            : new SgdOptions { LearningRate = setting.LearningRate, Momentum = run.Arguments.Momentum },
                },
            },
        new FitData { Train = data.Train, Test = data.Test },
        new StudyOptions
        {
            Question = $"A vanilla RNN on the rows of {data.Name}: what do learning rate, optimizer and hidden size change?",
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

int Train(SampleRun run)
{
    using var data = Load(run);
    using var model = SequenceModels.Rnn(
        RecurrentOptions.For(data) with
        {
            HiddenSize = (int)(run.Line.GetValue(hiddenSize) ?? 128),
            Seed = run.Arguments.Seed,
        }
    );

    var trainer = new Trainer(Options(run), run.Logger)
    {
        Callbacks =
        {
            new ProgressReporter(Console.Out, live: !Console.IsOutputRedirected),
            new RunRecorder { Extra = run.Facts() },
        },
    };
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

TrainerOptions Options(SampleRun run) =>
    new()
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
    };

ImageDatasets Load(SampleRun run) =>
    run.LoadData(
        (name, folder, options) =>
            name switch
            {
                "cifar10" => Cifar10.Load(folder, options),
                "mnist" => Mnist.Load(folder, options),
                "fashion-mnist" => FashionMnist.Load(folder, options),
                _ => SyntheticImages.Create(run.SyntheticImages with { Channels = 1, Size = 28 }),
            }
    );

/// <summary>What the study varies, and the homework's final setting.</summary>
internal sealed record Setting(double LearningRate = 0.001, string Optimizer = "SGD", int HiddenSize = 128);
