// Everything but the loop is this program's own: module, data set, loss, metric and optimizer.
using VisionSeqModels;
using VisionSeqModels.Samples;
using static TorchSharp.torch;

var settings = new SampleSettings
{
    Name = "bring-your-own",
    Description =
        "Trains a module of this sample's own on TorchSharp data loaders, with a loss, a metric and an optimizer of its own.",
    Epochs = 3,
    Unused = ["--optimizer", "--momentum"], // its optimizer is its own
    QuickEpochs = 4,
};

return SampleProgram.Run(args, settings, Train);

int Train(SampleRun run)
{
    using var images = run.LoadData(
        (name, folder, options) =>
            name switch
            {
                "cifar10" => Cifar10.Load(folder, options),
                "mnist" => Mnist.Load(folder, options),
                "fashion-mnist" => FashionMnist.Load(folder, options),
                _ => SyntheticImages.Create(run.SyntheticImages with { Varied = !run.Arguments.Quick }),
            }
    );
    int inputs = images.Channels * images.Height * images.Width;
    manual_seed(run.Arguments.Seed); // the initial weights
    using var model = new Perceptron(inputs, hidden: 128, images.ClassNames.Count);
    Console.Write(model.Summary(1, inputs));

    // Any TorchSharp data loader. Its order is its own: one with a seed gives the same order in every epoch.
    using var trainLoader = utils.data.DataLoader(
        new FlatImages(images.Train),
        run.Arguments.BatchSize,
        shuffle: true,
        seed: (int)run.Arguments.Seed
    );
    using var testLoader = utils.data.DataLoader(new FlatImages(images.Test), 512);
    var train = BatchSource.From(trainLoader, inputs: "pixels", targets: "label", name: images.Name);
    var test = BatchSource.From(testLoader, inputs: "pixels", targets: "label", name: images.Name);

    var trainer = new Trainer(
        new TrainerOptions
        {
            Epochs = run.Arguments.Epochs,
            BatchSize = run.Arguments.BatchSize,
            Seed = run.Arguments.Seed,
            Device = run.Arguments.Device,
            RunDirectory = run.RunDirectory,

            // Focal loss (Lin et al. 2017): samples that are clear already count less.
            Loss = Losses.From(
                "focal",
                (scores, labels) =>
                {
                    var error = nn.functional.cross_entropy(scores, labels, reduction: nn.Reduction.None);
                    return ((1 - (-error).exp()).pow(2) * error).mean();
                }
            ),
            Metrics = [new Accuracy(), new Confidence()],
            Optimizer = new RmsPropOptions { LearningRate = run.Arguments.LearningRate },
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
    var history = run.Resumes()
        ? trainer.Resume(run.RunDirectory, model, train, test, run.CancellationToken)
        : trainer.Fit(model, train, test, run.CancellationToken);
    return run.Report(history);
}
