using System.Globalization;
using Microsoft.Extensions.Logging;
using VisionSeqModels.Data;

namespace VisionSeqModels.Samples;

/// <summary>Turns --data, --data-dir and the limits into data, and says on the console what was taken.</summary>
internal sealed class DataChoice(
    SampleArguments arguments,
    SampleSettings settings,
    ILogger logger,
    CancellationToken cancellationToken
)
{
    public ImageDatasets Load()
    {
        var data = arguments.Data switch
        {
            "auto" => LoadAuto(),
            "synthetic" => Synthetic(),
            _ => Real(arguments.Data),
        };
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Data: {data.Name}, {data.Train.Count:n0} training and {data.Test.Count:n0} test images of "
                    + $"{data.Channels}x{data.Height}x{data.Width}"
            )
        );
        return data;
    }

    /// <summary>What is there, else a download, else the synthetic set, which never passes for a real one.</summary>
    private ImageDatasets LoadAuto()
    {
        try
        {
            return Real(settings.NaturalData);
        }
        catch (DatasetNotFoundException e)
        {
            Console.WriteLine(e.Message);
            Console.WriteLine("Training on synthetic images instead.");
            return Synthetic();
        }
    }

    private ImageDatasets Real(string name)
    {
        using var progress = new DownloadLine();
        var options = new DatasetOptions
        {
            TrainLimit = arguments.TrainLimit,
            TestLimit = arguments.TestLimit,
            Logger = logger,
            Progress = progress,
            CancellationToken = cancellationToken,
        };
        return name switch
        {
            "cifar10" => Cifar10.Load(arguments.DataDirectory, options),
            "mnist" => Mnist.Load(arguments.DataDirectory, options),
            _ => FashionMnist.Load(arguments.DataDirectory, options),
        };
    }

    private ImageDatasets Synthetic()
    {
        bool color = settings.NaturalData == "cifar10";
        var standard = new SyntheticImagesOptions();
        return SyntheticImages.Create(
            standard with
            {
                TrainCount = arguments.TrainLimit ?? standard.TrainCount,
                TestCount = arguments.TestLimit ?? standard.TestCount,
                Channels = color ? 3 : 1,
                Size = color ? 32 : 28,
            }
        );
    }
}
