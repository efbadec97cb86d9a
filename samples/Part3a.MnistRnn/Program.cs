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
    OfStudies = StudyFlags.Names,
    StudiesOptimizers = line => line.IsStudy,
    QuickEpochs = 15,
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
    var own = new Setting(
        run.Arguments.LearningRate,
        run.Arguments.Optimizer == "sgd" ? "SGD" : "Adam",
        (int)(run.Line.GetValue(hiddenSize) ?? 128)
    );
    // The first value of each factor is the base's own, which flags change.
    var plan = StudyPlan
        .From(own)
        .Vary(
            "learning rate",
            StudyFlags.Values(own.LearningRate, 0.001, 0.01),
            (setting, value) => setting with { LearningRate = value }
        )
        .Vary(
            "optimizer",
            StudyFlags.Values(own.Optimizer, "SGD", "Adam"),
            (setting, value) => setting with { Optimizer = value }
        )
        .Vary(
            "hidden size",
            StudyFlags.Values(own.HiddenSize, 128, 64, 256),
            (setting, value) => setting with { HiddenSize = value }
        )
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
        run.StudyOptions($"A vanilla RNN on the rows of {data.Name}: what do learning rate, optimizer and hidden size change?"),
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
    var history = run.Resumes()
        ? trainer.Resume(run.RunDirectory, model, data.Train, data.Test, run.CancellationToken)
        : trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
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
                _ => SyntheticImages.Create(run.SyntheticImages with { Channels = 1, Size = 28, Varied = !run.Arguments.Quick }),
            }
    );

/// <summary>What the study varies. The homework's final setting is 0.001, SGD, 128.</summary>
internal sealed record Setting(double LearningRate, string Optimizer, int HiddenSize);
