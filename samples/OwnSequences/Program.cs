// Sequences of one's own from CSV files: gestures of several lengths are classified, and two series are forecast.
using System.Globalization;
using VisionSeqModels;
using VisionSeqModels.Samples;
using VisionSeqModels.Samples.OwnSequences;
using VisionSeqModels.Visualization;

var settings = new SampleSettings
{
    Name = "own-sequences",
    Description =
        "Reads gestures.csv, sine.csv and plant.csv from --data-dir, or draws them; classifies the gestures with a GRU and "
        + "forecasts the others with an LSTM.",
    Epochs = 15,
    BatchSize = 32,
    LearningRate = 5e-3,
    DataNames = ["auto", "synthetic"],
    QuickEpochs = 8,
};

return SampleProgram.Run(args, settings, Train);

int Train(SampleRun run)
{
    var tables = new Tables(run);
    int exitCode = Classify(run, tables);
    var forecasts = new List<Forecast>();
    foreach (var (name, column, horizon) in new[] { ("sine", "y", 5), ("plant", "temperature", 6) })
    {
        if (exitCode == ExitCode.Done)
        {
            (exitCode, var forecast) = Predict(run, tables, name, column, horizon);
            forecasts.Add(forecast);
        }
    }

    Forecast.Write(run.In("forecasts.csv"), forecasts);
    return exitCode;
}

// Each gesture is a sequence of its own length. Nobody's gestures are both in training and test: the split is by person.
int Classify(SampleRun run, Tables tables)
{
    using var data = SequenceTable.Load(
        tables.Path("gestures"),
        new SequenceTableOptions
        {
            Sequence = "gesture",
            Order = "time",
            Class = "label",
            Features = ["x", "y"],
            Split = TableSplit.Group,
            Group = "person",
            Bucketing = true,
            Seed = run.Arguments.Seed,
            Name = tables.Source,
        }
    );
    Console.WriteLine($"Gestures: {data.Train.Count} for training, {data.Test.Count} of other persons for testing");
    using var model = SequenceModels.Gru(
        RecurrentOptions.For(data) with
        {
            HiddenSize = 32,
            Readout = SequenceReadout.Mean,
            Seed = run.Arguments.Seed,
        }
    );
    var trainer = CreateTrainer(run, "gestures", Losses.CrossEntropy());
    var (train, test) = (Limited(data.Train, run.Arguments.TrainLimit), Limited(data.Test, run.Arguments.TestLimit));
    var history = run.Resumes(run.In("gestures"))
        ? trainer.Resume(run.In("gestures"), model, train, test, run.CancellationToken)
        : trainer.Fit(model, train, test, run.CancellationToken);
    PrefixAccuracy.Measure(model, data.Test).Draw().SavePng(run.In("gestures/prefix_accuracy.png"));
    return run.Report(history, run.In("gestures"));
}

// A sample is a window of the series; its target is the value that comes `horizon` steps after the window. The last fifth of
// the series is for testing, and no window reaches from one part into the other.
(int ExitCode, Forecast Forecast) Predict(SampleRun run, Tables tables, string name, string column, int horizon)
{
    using var data = SequenceTable.Load(
        tables.Path(name),
        new SequenceTableOptions
        {
            Order = "time",
            Forecast = [column],
            Window = 24,
            Horizon = horizon,
            Missing = MissingValues.ForwardFill,
            Split = TableSplit.Time,
            Name = tables.Source,
        }
    );
    using var model = SequenceModels.Lstm(RecurrentOptions.For(data) with { HiddenSize = 32, Seed = run.Arguments.Seed });
    var trainer = CreateTrainer(run, name, Losses.MeanSquaredError());
    var (train, test) = (Limited(data.Train, run.Arguments.TrainLimit), Limited(data.Test, run.Arguments.TestLimit));
    var history = run.Resumes(run.In(name))
        ? trainer.Resume(run.In(name), model, train, test, run.CancellationToken)
        : trainer.Fit(model, train, test, run.CancellationToken);
    var forecast = Forecast.Measure(name, column, trainer, model, test);
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name}, {horizon} steps ahead: root mean squared error {forecast.Error:f3}, of the last value "
                + $"{forecast.LastValueError:f3}: {forecast.Factor:f2} times better"
        )
    );
    return (run.Report(history, run.In(name)), forecast);
}

SequenceDataset Limited(SequenceDataset data, int? limit) =>
    limit < data.Count ? data.Subset([.. Enumerable.Range(0, limit.Value).Select(i => (long)i)]) : data;

Trainer CreateTrainer(SampleRun run, string folder, Loss loss) =>
    new(
        new TrainerOptions
        {
            Epochs = run.Arguments.Epochs,
            BatchSize = run.Arguments.BatchSize,
            Seed = run.Arguments.Seed,
            Device = run.Arguments.Device,
            RunDirectory = run.In(folder),
            Loss = loss,
            ClipGradientNorm = 1,
            Optimizer =
                run.Arguments.Optimizer == "sgd"
                    ? new SgdOptions { LearningRate = run.Arguments.LearningRate, Momentum = run.Arguments.Momentum }
                    : new AdamOptions { LearningRate = run.Arguments.LearningRate },
        },
        run.Logger
    )
    {
        Callbacks =
        {
            new ProgressReporter(Console.Out, live: !Console.IsOutputRedirected),
            new RunRecorder { Extra = run.Facts() },
        },
    };
