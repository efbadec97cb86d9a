// The shortest way through the library: data, model, trainer, and a run folder full of results.
using VisionSeqModels;
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "quickstart",
    Description = "Trains a LeNet on CIFAR-10 if it is found or can be downloaded, else on synthetic images.",
    Epochs = 5,
};

return SampleProgram.Run(
    args,
    settings,
    run =>
    {
        using var data = run.LoadData();
        using var model = VisionModels.LeNet(LeNetOptions.For(data) with { Seed = run.Arguments.Seed });

        var trainer = run.CreateTrainer();
        var history = trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
        return run.Report(history);
    }
);
