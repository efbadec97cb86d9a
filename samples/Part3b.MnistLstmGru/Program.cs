// Part 3b of the homework, the final runs: an LSTM and a GRU read MNIST digits row by row, trained alike.
using VisionSeqModels;
using VisionSeqModels.Models;
using VisionSeqModels.Samples;
using VisionSeqModels.Visualization;

var settings = new SampleSettings
{
    Name = "mnist-lstm-gru",
    Description = "Trains the LSTM and the GRU of part 3b on the rows of MNIST digits and draws their gates, step by step.",
    NaturalData = "mnist",
};
var hiddenSize = Flag.HiddenSize();

return SampleProgram.Run(args, settings, Train, hiddenSize);

int Train(SampleRun run)
{
    using var data = run.LoadData();
    var options = RecurrentOptions.For(data) with { HiddenSize = (int)(run.Line.GetValue(hiddenSize) ?? 128), Seed = run.Arguments.Seed };
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
