// Part 3c of the homework: LeNet, RNN, LSTM and GRU trained alike on MNIST, and what happens to each when digits are
// shifted, when rows come in another order, and when pixels are read one by one.
using VisionSeqModels;
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "cnn-versus-rnn",
    Description =
        "Trains LeNet, RNN, LSTM and GRU alike on MNIST and compares them, also on shifted digits, on permuted rows "
        + "and pixel by pixel.",
    NaturalData = "mnist",
    Epochs = 5,
    QuickTrainLimit = 500,
    QuickTestLimit = 200,
    QuickEpochs = 5,
    QuickLearningRate = 5e-3,
};
var hiddenSize = Flag.HiddenSize();
var pixelLimit = Flag.Count(
    "--pixel-limit",
    "Training samples of the pixel-by-pixel experiment, whose sequences are 784 steps long (default 5000)",
    minimum: 1
);
var pixelEpochs = Flag.Count("--pixel-epochs", "Epochs of that experiment (default 2)", minimum: 1);

return SampleProgram.Run(args, settings, Compare, hiddenSize, pixelLimit, pixelEpochs);

int Compare(SampleRun run)
{
    using var data = run.LoadData(
        (name, folder, options) =>
            name switch
            {
                "cifar10" => Cifar10.Load(folder, options),
                "mnist" => Mnist.Load(folder, options),
                "fashion-mnist" => FashionMnist.Load(folder, options),
                _ => SyntheticImages.Create(run.SyntheticImages with { Channels = 1, Size = 28, Varied = !run.Arguments.Quick }),
            }
    );
    var models = new Contestants(run.Arguments.Seed, units: (int)(run.Line.GetValue(hiddenSize) ?? 128));
    var options = new TrainerOptions
    {
        Epochs = run.Arguments.Epochs,
        BatchSize = run.Arguments.BatchSize,
        Seed = run.Arguments.Seed,
        Device = run.Arguments.Device,
        Optimizer =
            run.Arguments.Optimizer == "sgd"
                ? new SgdOptions { LearningRate = run.Arguments.LearningRate, Momentum = run.Arguments.Momentum }
                : new AdamOptions { LearningRate = run.Arguments.LearningRate },
    };

    Console.WriteLine("Images as they are");
    Contestant[] plain = [.. Contestants.Names.Select(name => Train(name, "plain", data, options))];

    // One fixed order of the rows, in training and test: a model that reads rows one after another should not mind, one
    // that looks for local patterns should.
    Console.WriteLine("Rows in one fixed other order");
    using var permuted = Experiments.PermuteRows(data, seed: 7);
    Contestant[] rows = [.. Contestants.Names.Select(name => Train(name, "permuted", permuted, options))];

    // 784 steps of one pixel instead of 28 of a row: on fewer samples and epochs, with rows on the same ones beside it.
    Console.WriteLine("Pixel by pixel, and row by row on the same samples");
    using var few = new ImageDatasets(
        data.Train.Take((int)(run.Line.GetValue(pixelLimit) ?? (run.Arguments.Quick ? 64 : 5000))),
        data.Test.Take(run.Arguments.Quick ? 32 : 1000)
    );
    var fewEpochs = options with { Epochs = (int)(run.Line.GetValue(pixelEpochs) ?? (run.Arguments.Quick ? 1 : 2)) };
    Contestant[] fewRows = [.. Contestants.Recurrent.Select(name => Train(name, "few-rows", few, fewEpochs))];
    Contestant[] pixels =
    [
        .. Contestants.Recurrent.Select(name => Train(name, "few-pixels", few, fewEpochs, pixelByPixel: true)),
    ];

    Contestant[] all = [.. plain, .. rows, .. fewRows, .. pixels];
    if (all.FirstOrDefault(trained => trained.History.StopReason != StopReason.Completed) is Contestant broken)
    {
        return run.Report(broken.History, broken.Folder);
    }

    new Report(run, data, plain, rows, fewRows, pixels).Write();
    Array.ForEach(all, trained => trained.Dispose());
    Console.WriteLine($"Report: {Path.GetFullPath(run.In("report.html"))}");
    return ExitCode.Done;

    Contestant Train(string name, string experiment, ImageDatasets images, TrainerOptions like, bool pixelByPixel = false)
    {
        Console.WriteLine($"  {name}");
        string folder = Path.Combine(run.RunDirectory, experiment, name.ToLowerInvariant());
        var model = models.Build(name, images, pixelByPixel);
        var trainer = new Trainer(like with { RunDirectory = folder }, run.Logger)
        {
            Callbacks =
            {
                new ProgressReporter(Console.Out, live: !Console.IsOutputRedirected),
                new RunRecorder { Extra = run.Facts() },
            },
        };
        var history = run.Resumes(folder)
            ? trainer.Resume(folder, model, images.Train, images.Test, run.CancellationToken)
            : trainer.Fit(model, images.Train, images.Test, run.CancellationToken);
        run.CancellationToken.ThrowIfCancellationRequested();
        return new Contestant(name, model, history, folder);
    }
}
