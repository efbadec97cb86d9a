// Pictures of one's own: a folder with a subfolder for each class becomes data, a model, and a list of its errors.
using System.Globalization;
using VisionSeqModels;
using VisionSeqModels.Data;
using VisionSeqModels.Samples;
using VisionSeqModels.Samples.OwnImages;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

var settings = new SampleSettings
{
    Name = "own-images",
    Description =
        "Trains on the pictures of --data-dir, a subfolder for each class (or train/ and test/ with such subfolders), or on "
        + "pictures that it draws.",
    Epochs = 15,
    BatchSize = 32,
    DataNames = ["auto", "synthetic"],
    QuickEpochs = 8,
};
var modelFlag = Flag.Choice("--model", "The model (default lenet); resnet is ResNet-20, slow on a CPU", ["lenet", "resnet"]);

return SampleProgram.Run(args, settings, Train, modelFlag);

int Train(SampleRun run)
{
    using var data = ImageFolder.Load(
        PictureFolder.Of(run),
        new ImageFolderOptions
        {
            Preparation = new ImagePreparation { Height = 48, Width = 48 },
            Seed = run.Arguments.Seed,
            OnBrokenFile = OnBrokenFile.Skip, // each is logged, and counted in run.json
            Logger = run.Logger,
            CancellationToken = run.CancellationToken,
        }
    );
    Console.WriteLine($"Classes: {string.Join(", ", data.ClassNames)}");
    IImageSource train = Limited(data.Train, run.Arguments.TrainLimit, run.Arguments.Seed);
    IImageSource test = Limited(data.Test, run.Arguments.TestLimit, run.Arguments.Seed);
    Console.WriteLine($"{train.Count} pictures for training, {test.Count} for testing");
    if (run.Line.GetValue(modelFlag) == "resnet")
    {
        using var resNet = VisionModels.ResNet(ResNetOptions.For(data) with { Seed = run.Arguments.Seed });
        return Fit(run, resNet, train, test);
    }

    using var leNet = VisionModels.LeNet(LeNetOptions.For(data) with { Seed = run.Arguments.Seed });
    return Fit(run, leNet, train, test);
}

int Fit(SampleRun run, nn.Module<Tensor, Tensor> model, IImageSource train, IImageSource test)
{
    var trainer = new Trainer(
        new TrainerOptions
        {
            Epochs = run.Arguments.Epochs,
            BatchSize = run.Arguments.BatchSize,
            Seed = run.Arguments.Seed,
            Device = run.Arguments.Device,
            RunDirectory = run.RunDirectory,
            Augmentations = [new RandomHorizontalFlip()],
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
    var history = run.Resumes()
        ? trainer.Resume(run.RunDirectory, model, train, test, run.CancellationToken)
        : trainer.Fit(model, train, test, run.CancellationToken);
    int exitCode = run.Report(history);
    if (exitCode == ExitCode.Done)
    {
        ModelFile.Save(model, run.In("model.safetensors"), train);
        ReportErrors(run, ConfidentErrors.Measure(model, test), test);
    }

    return exitCode;
}

// Wrong with much confidence: often a picture in the wrong folder.
void ReportErrors(SampleRun run, ConfidentErrors errors, IImageSource test)
{
    errors.Save(run.In("errors.json"));
    double accuracy = 1 - ((double)errors.ErrorCount / errors.SampleCount);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Test accuracy: {accuracy:f4}"));
    foreach (var error in errors.Errors.Take(3))
    {
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Test picture {error.Index}: {test.ClassNames[error.Actual]}, seen as {test.ClassNames[error.Predicted]} "
                    + $"({error.Probability:f4})"
            )
        );
    }

    if (errors.Errors.Count > 0)
    {
        errors.Draw(test).SavePng(run.In("errors.png"));
    }
}

// Some pictures at random: the first would be of one class.
IImageSource Limited(ImageDataset data, int? limit, long seed)
{
    if (limit is null || limit >= data.Count)
    {
        return data;
    }

    long[] places = [.. Enumerable.Range(0, data.Count).Select(i => (long)i)];
    new Random((int)seed).Shuffle(places);
    return new ImageSubset(data, places[..limit.Value]);
}
