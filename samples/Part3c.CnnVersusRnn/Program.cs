// Part 3c of the homework: LeNet, RNN, LSTM and GRU trained alike on MNIST, and what happens to each when digits are
// shifted, rows come in another order, or
// pixels are read one by one.
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
    using var data = run.LoadData();
    var experiments = new Experiments(run, data, hidden: (int)(run.Line.GetValue(hiddenSize) ?? 128));

    // First of all: the four models, trained alike.
    Console.WriteLine("Images as they are");
    var plain = experiments.Train(Experiments.Models, data, "plain");

    // One fixed order of the rows, in training and test: a model that reads rows one after another should not mind, one
    // that looks for local patterns should.
    Console.WriteLine("Rows in one fixed other order");
    using var permuted = Experiments.PermuteRows(data, seed: 7);
    var rows = experiments.Train(Experiments.Models, permuted, "permuted");

    // 784 steps of one pixel instead of 28 of a row: on fewer samples and epochs, with rows on the same ones beside it.
    Console.WriteLine("Pixel by pixel, and row by row on the same samples");
    using var few = new ImageDatasets(
        data.Train.Take((int)(run.Line.GetValue(pixelLimit) ?? (run.Arguments.Quick ? 128 : 5000))),
        data.Test.Take(run.Arguments.Quick ? 64 : 1000)
    );
    int epochs = (int)(run.Line.GetValue(pixelEpochs) ?? (run.Arguments.Quick ? 1 : 2));
    var fewRows = experiments.Train(Experiments.Recurrent, few, "few-rows", epochs);
    var pixels = experiments.Train(Experiments.Recurrent, few, "few-pixels", epochs, pixelByPixel: true);

    var trials = plain.Concat(rows).Concat(fewRows).Concat(pixels).ToList();
    if (trials.FirstOrDefault(trial => trial.History.StopReason != StopReason.Completed) is Trial broken)
    {
        return run.Report(broken.History, broken.Folder);
    }

    new Report(run, data, plain, rows, fewRows, pixels).Write();
    trials.ForEach(trial => trial.Dispose());
    Console.WriteLine($"Report: {Path.GetFullPath(Path.Combine(run.RunDirectory, "report.html"))}");
    return ExitCode.Done;
}
