// Part 3b of the homework: an LSTM and a GRU read MNIST digits row by row, trained alike. With --study: which hidden size
// is best for each?
using VisionSeqModels;
using VisionSeqModels.Models;
using VisionSeqModels.Samples;
using VisionSeqModels.Studies;
using VisionSeqModels.Visualization;

var settings = new SampleSettings
{
    Name = "mnist-lstm-gru",
    Description =
        "Trains the LSTM and the GRU of part 3b on the rows of MNIST digits and draws their gates, step by step; "
        + "with --study, compares hidden sizes.",
    NaturalData = "mnist",
    OfStudies = StudyFlags.Names,
    QuickEpochs = 12,
    QuickLearningRate = 8e-3,
    QuickTrainLimit = 1500,
    QuickTestLimit = 200,
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
        .Vary(
            "cell",
            [RecurrentCell.Lstm, RecurrentCell.Gru],
            (setting, value) => setting with { Cell = value },
            cell => cell.ToString().ToUpperInvariant()
        )
        .Vary("hidden size", Sizes(run), (setting, value) => setting with { HiddenSize = value })
        .Grid();

    var study = Study.Run(
        run.RunDirectory,
        plan,
        (setting, seed) =>
            new StudyTrial
            {
                Model = SequenceModels.Build(
                    setting.Cell,
                    RecurrentOptions.For(data) with
                    {
                        HiddenSize = setting.HiddenSize,
                        Seed = seed,
                    }
                ),
                Options = Options(run),
            },
        new FitData { Train = data.Train, Test = data.Test },
        run.StudyOptions($"LSTM and GRU on the rows of {data.Name}: what does the hidden size change?"),
        run.Logger,
        run.CancellationToken
    );
    study.WriteReport();
    return run.Report(study);
}

int Train(SampleRun run)
{
    using var data = Load(run);
    var options = RecurrentOptions.For(data) with
    {
        HiddenSize = (int)(run.Line.GetValue(hiddenSize) ?? 128),
        Seed = run.Arguments.Seed,
    };
    var histories = new Dictionary<string, TrainingHistory>();
    var views = new Dictionary<string, (PrefixAccuracy, GradientFlow)>();
    int exitCode = ExitCode.Done;
    foreach (var cell in new[] { RecurrentCell.Lstm, RecurrentCell.Gru })
    {
        string name = cell.ToString().ToUpperInvariant();
        string folder = Path.Combine(run.RunDirectory, cell.ToString().ToLowerInvariant());
        Console.WriteLine(name);
        using var model = SequenceModels.Build(cell, options);
        var trainer = new Trainer(Options(run) with { RunDirectory = folder }, run.Logger)
        {
            Callbacks =
            {
                new ProgressReporter(Console.Out, live: !Console.IsOutputRedirected),
                new RunRecorder { Extra = run.Facts() },
            },
        };
        histories[name] = run.Resumes(folder)
            ? trainer.Resume(folder, model, data.Train, data.Test, run.CancellationToken)
            : trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
        exitCode = run.Report(histories[name], folder);
        if (exitCode != ExitCode.Done)
        {
            return exitCode;
        }

        views[name] = RecurrentPictures.Write(model, data.Test, folder);
    }

    Charts.LearningCurves(histories).SavePng(run.In("curves.png"));
    RecurrentPictures.WriteCharts(views, run.RunDirectory);
    return exitCode;
}

// --hidden-size comes first: it is the base's.
IReadOnlyList<int> Sizes(SampleRun run) =>
    run.Line.GetValue(hiddenSize) is long own ? StudyFlags.Values((int)own, 64, 128, 256) : [64, 128, 256];

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

/// <summary>What the study varies.</summary>
internal sealed record Setting(RecurrentCell Cell = RecurrentCell.Lstm, int HiddenSize = 128);
