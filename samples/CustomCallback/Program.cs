// A callback of one's own: what it may do, when it runs, and how it survives an interruption.
using VisionSeqModels;
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "custom-callback",
    Description = "Trains a LeNet within a budget of seconds, watched by two callbacks of this sample's own.",
    Epochs = 100,
};
var budget = Flag.Count("--budget", "Seconds of training to spend (default 20)", minimum: 1);

return SampleProgram.Run(args, settings, Train, budget);

int Train(SampleRun run)
{
    using var data = run.LoadData();
    using var model = VisionModels.LeNet(LeNetOptions.For(data) with { Seed = run.Arguments.Seed });

    var trainer = run.CreateTrainer();
    trainer.Callbacks.Add(new TimeBudget(TimeSpan.FromSeconds(run.Line.GetValue(budget) ?? 20)));
    trainer.Callbacks.Add(new WeightChange(Console.Out));
    Console.Write(trainer.DescribeOrder());

    var history = trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
    Console.WriteLine(history.StopMessage ?? "The budget was enough for all epochs.");
    return run.Report(history);
}
