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
    var plan = StudyPlan.Grid(
        new Setting(),
        StudyFactor.Of<Setting, RecurrentCell>(
            "cell",
            [RecurrentCell.Lstm, RecurrentCell.Gru],
            (setting, value) => setting with { Cell = value },
            cell => cell.ToString().ToUpperInvariant()
        ),
        StudyFactor.Of<Setting, int>("hidden size", [64, 128, 256], (setting, value) => setting with { HiddenSize = value })
    );

    return run.Compare(
        $"LSTM and GRU on the rows of {data.Name}: what does the hidden size change?",
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
                Options = new TrainerOptions
                {
                    Epochs = run.Arguments.Epochs,
                    BatchSize = run.Arguments.BatchSize,
                    Device = run.Arguments.Device,
                    Optimizer = run.Optimizer(),
                },
            },
        data
    );
}

int Train(SampleRun run)
{
    using var data = run.LoadData();
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
        var trainer = run.CreateTrainer(trainerOptions => trainerOptions with { RunDirectory = folder });
        histories[name] = trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
        exitCode = run.Report(histories[name], folder);
        if (exitCode != ExitCode.Done)
        {
            return exitCode;
        }

        views[name] = RecurrentPictures.Write(model, data.Test, folder);
    }

    Charts.LearningCurves(histories).SavePng(Path.Combine(run.RunDirectory, "curves.png"));
    RecurrentPictures.WriteCharts(views, run.RunDirectory);
    return exitCode;
}

/// <summary>What the study varies.</summary>
internal sealed record Setting
{
    public RecurrentCell Cell { get; init; }

    public int HiddenSize { get; init; }
}
