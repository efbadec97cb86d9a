using System.Globalization;
using Microsoft.Extensions.Logging;
using VisionSeqModels.Data;

namespace VisionSeqModels.Samples;

/// <summary>Decides what <c>--data</c> means, and says on the console what was loaded.</summary>
internal sealed class DataChoice(SampleArguments arguments, string natural, ILogger logger, CancellationToken cancellationToken)
{
    /// <param name="load">Loads a data set, by its name, from a folder (null for the per-user cache).</param>
    public ImageDatasets Load(Func<string, string?, DatasetOptions, ImageDatasets> load)
    {
        ArgumentNullException.ThrowIfNull(load);
        using var progress = new DownloadLine();
        var options = new DatasetOptions
        {
            TrainLimit = arguments.TrainLimit,
            TestLimit = arguments.TestLimit,
            Logger = logger,
            Progress = progress,
            CancellationToken = cancellationToken,
        };
        ImageDatasets data;
        try
        {
            data = load(arguments.Data == "auto" ? natural : arguments.Data, arguments.DataDirectory, options);
        }
        catch (DatasetNotFoundException e) when (arguments.Data == "auto")
        {
            Console.WriteLine(e.Message);
            Console.WriteLine("Training on synthetic images instead.");
            data = load("synthetic", arguments.DataDirectory, options);
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Data: {data.Name}, {data.Train.Count:n0} training and {data.Test.Count:n0} test images of "
                    + $"{data.Channels}x{data.Height}x{data.Width}"
            )
        );
        return data;
    }
}
