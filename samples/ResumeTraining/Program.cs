// A run that can be stopped at any instant, by Ctrl+C or by kill -9, and goes on where it was when it is started again.
using VisionSeqModels;
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "resume-training",
    Description =
        "Trains a LeNet; stop it with Ctrl+C or kill it, and run it again with the same --out: it goes on from its last state.",
    Epochs = 20,
    RunDirectory = Path.Combine("runs", "resume-training"), // the same folder each time, not a new one
};

return SampleProgram.Run(
    args,
    settings,
    run =>
    {
        using var data = run.LoadData();
        using var model = VisionModels.LeNet(LeNetOptions.For(data) with { Seed = run.Arguments.Seed });

        // At an epoch's end the state is saved anyway; a state takes some milliseconds, so every 20 steps costs little.
        var trainer = run.CreateTrainer(options => options with { SaveStateEverySteps = 20 });
        TrainingHistory history;
        if (RunDirectory.CanResume(run.RunDirectory))
        {
            Console.WriteLine($"Going on with the run in {run.RunDirectory}");
            history = trainer.Resume(run.RunDirectory, model, data.Train, data.Test, run.CancellationToken);
            var resumed = history.Resumes[^1];
            Console.WriteLine(
                history.Steps > resumed.Step
                    ? $"It went on from step {resumed.Step}, in or after epoch {resumed.Epoch}."
                    : "It had come to its end before; give more --epochs to go on."
            );
        }
        else
        {
            history = trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
        }

        return run.Report(history);
    }
);
