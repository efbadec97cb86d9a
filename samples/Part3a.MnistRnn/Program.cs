// Part 3a of the homework, the final run: a vanilla RNN reads MNIST digits row by row.
using VisionSeqModels;
using VisionSeqModels.Samples;
using VisionSeqModels.Visualization;

var settings = new SampleSettings
{
    Name = "mnist-rnn",
    Description = "Trains the vanilla RNN of part 3a on the rows of MNIST digits and draws what it does step by step.",
    NaturalData = "mnist",
    Optimizer = "sgd",
    LearningRate = 1e-3,
    Momentum = 0.9,
};
var hiddenSize = Flag.HiddenSize();

return SampleProgram.Run(args, settings, Train, hiddenSize);

int Train(SampleRun run)
{
    using var data = run.LoadData();
    using var model = SequenceModels.Rnn(RecurrentOptions.For(data) with { HiddenSize = (int)(run.Line.GetValue(hiddenSize) ?? 128), Seed = run.Arguments.Seed });

    var trainer = run.CreateTrainer();
    var history = trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
    int exitCode = run.Report(history);
    if (exitCode == ExitCode.Done)
    {
        var views = RecurrentPictures.Write(model, data.Test, run.RunDirectory);
        RecurrentPictures.WriteCharts(new Dictionary<string, (PrefixAccuracy, GradientFlow)> { ["RNN"] = views }, run.RunDirectory);
    }

    return exitCode;
}
