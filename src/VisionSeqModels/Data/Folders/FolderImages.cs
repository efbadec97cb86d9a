using System.Globalization;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>What is known of the images of a folder once they are decoded.</summary>
/// <param name="Content">The files.</param>
/// <param name="Broken">Which of them could not be read, by their places, and why.</param>
/// <param name="Normalization">Mean and standard deviation of the training images.</param>
internal sealed record FolderImages(
    FolderContent Content,
    IReadOnlyDictionary<int, string> Broken,
    ImageNormalization Normalization
)
{
    private const string SkippedKey = "skipped";
    private const string MeanKey = "mean";
    private const string DeviationKey = "standard_deviation";

    /// <summary>How many images there are.</summary>
    public int Count => Content.Files.Count - Broken.Count;

    /// <summary>How many of them are for training.</summary>
    public int TrainCount => Content.TrainCount - Broken.Keys.Count(IsTraining);

    /// <exception cref="BrokenFilesException">Files cannot be read, and are not to be left out.</exception>
    public static FolderImages Of(FolderContent content, ImageFolderOptions options, FolderDecoder decoder)
    {
        var images = new FolderImages(content, decoder.Broken, decoder.Normalization);
        SkippedFile[] skipped = [.. images.Skipped(isTraining: true), .. images.Skipped(isTraining: false)];
        return options.OnBrokenFile == OnBrokenFile.Skip || skipped.Length == 0
            ? images
            : throw new BrokenFilesException(skipped);
    }

    /// <summary>What a cache file says; null where that does not fit the folder.</summary>
    public static FolderImages? Of(FolderContent content, ImagePreparation preparation, JsonObject json)
    {
        var normalization = new ImageNormalization
        {
            Mean = Numbers(json[MeanKey]),
            StandardDeviation = Numbers(json[DeviationKey]),
        };
        var broken = (json[SkippedKey] as JsonObject ?? []).ToDictionary(
            entry => int.Parse(entry.Key, CultureInfo.InvariantCulture),
            entry => (string?)entry.Value ?? ""
        );
        return
            normalization.Faults(preparation.Channels).Count == 0
            && broken.Keys.All(index => index >= 0 && index < content.Files.Count)
            ? new FolderImages(content, broken, normalization)
            : null;
    }

    /// <summary>What a cache file keeps: the rest follows from the folder.</summary>
    public JsonObject ToJson()
    {
        var skipped = Broken.Select(entry =>
            KeyValuePair.Create<string, JsonNode?>(entry.Key.ToString(CultureInfo.InvariantCulture), entry.Value)
        );
        return new JsonObject
        {
            [MeanKey] = new JsonArray([.. Normalization.Mean.Select(value => (JsonNode)value)]),
            [DeviationKey] = new JsonArray([.. Normalization.StandardDeviation.Select(value => (JsonNode)value)]),
            [SkippedKey] = new JsonObject(skipped),
        };
    }

    /// <summary>The class of each image of a part.</summary>
    public long[] Labels(bool isTraining) =>
        [
            .. Content
                .Labels()
                .Index()
                .Where(entry => IsTraining(entry.Index) == isTraining && !Broken.ContainsKey(entry.Index))
                .Select(entry => (long)entry.Item),
        ];

    /// <summary>The file of each image of a part.</summary>
    public IReadOnlyList<string> FileNames(bool isTraining) =>
        [
            .. Content
                .Files.Where((_, index) => IsTraining(index) == isTraining && !Broken.ContainsKey(index))
                .Select(file => file.Relative),
        ];

    /// <summary>The files of a part that could not be read. What is no file of a class counts as training's.</summary>
    public IReadOnlyList<SkippedFile> Skipped(bool isTraining) =>
        [
            .. isTraining ? Content.Faults : [],
            .. Broken
                .Where(entry => IsTraining(entry.Key) == isTraining)
                .OrderBy(entry => entry.Key)
                .Select(entry => new SkippedFile(Content.Files[entry.Key].Relative, entry.Value)),
        ];

    /// <summary>Refuses what is left where that cannot be trained on.</summary>
    /// <exception cref="DatasetFormatException">A class has no training images, or there are no test images.</exception>
    public void RequireUsable()
    {
        var labels = Labels(isTraining: true).ToHashSet();
        string[] lacking = [.. Content.ClassNames.Where((_, label) => !labels.Contains(label))];
        if (lacking.Length > 0 || TrainCount == Count)
        {
            string what = lacking.Length > 0 ? $"training images of these classes: {PlainText.List(lacking)}" : "test images";
            throw new DatasetFormatException(
                Content.Root,
                $"has no {what}; the files that are there cannot be read.",
                advice: "Replace them."
            );
        }
    }

    private bool IsTraining(int index) => index < Content.TrainCount;

    private static double[] Numbers(JsonNode? node) =>
        node is JsonArray array ? [.. array.Select(number => (double?)number ?? double.NaN)] : [];
}
