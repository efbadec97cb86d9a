using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Runs;

/// <summary>The content of run.json. This type alone knows the file: its keys, their order and the format's version.</summary>
/// <remarks>A reader needs status, times, position, epochs and resumes; a file without them is refused. What describes the run
/// (data, model, options, versions, best values) is null where a file lacks it or has something else in its place.</remarks>
internal sealed record RunRecord
{
    public const string FileName = "run.json";
    private const int CurrentFormat = 1;

    private static readonly HashSet<string> OwnKeys =
    [
        .. typeof(RunRecord).GetProperties().Select(property => Key(property.Name)),
    ];

    public int Format { get; init; } = CurrentFormat;

    public required StopReason Status { get; init; }

    public string? StopMessage { get; init; }

    /// <summary>Written to the second.</summary>
    public required DateTimeOffset Started { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The name of the training data.</summary>
    public string? Source { get; init; }

    public DataPart? Data { get; init; }

    public ModelPart? Model { get; init; }

    /// <summary>The trainer's options, as <c>OptionsJson</c> writes them: those of a user's own optimizer, schedule or
    /// augmentation are among them, so readers list and compare them by name.</summary>
    public JsonObject? Trainer { get; init; }

    /// <summary>What is frozen from which epoch on; left out where nothing is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FreezePart>? Freezing { get; init; }

    public required long Seed { get; init; }

    public required string Device { get; init; }

    public required int Threads { get; init; }

    /// <summary>What the run was made with, by name. Readers list what is there: other versions record other things.</summary>
    public JsonObject? Versions { get; init; }

    public int EpochsDone => Epochs.Count(epoch => !epoch.IsPartial);

    public required long Steps { get; init; }

    /// <summary>The last epoch's metrics, or null before the first.</summary>
    public JsonObject? Final => Epochs.Count == 0 ? null : MetricsOf(Epochs[^1]);

    /// <summary>For each metric its best value and the epoch that had it.</summary>
    public IReadOnlyDictionary<string, BestPart>? Best { get; init; }

    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    public required IReadOnlyList<ResumeRecord> Resumes { get; init; }

    /// <summary>What callbacks that report failed in; left out where none did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>What the caller adds at the top level; an entry of the name of another replaces it.</summary>
    [JsonIgnore]
    public JsonObject? Extra { get; init; }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path) => AtomicFile.WriteAllText(path, Json().ToJsonString(JsonFormat.Indented) + "\n");

    /// <summary>The record as a reader of its file gets it.</summary>
    public RunRecord AsRead() => Of(JsonFormat.Parse(Json().ToJsonString()));

    private JsonObject Json()
    {
        var json = JsonFormat.Object(this);
        json[Key(nameof(Started))] = Started.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        foreach (var (name, value) in Extra ?? [])
        {
            json[name] = value?.DeepClone();
        }

        return json;
    }

    /// <summary>Reads the run.json of a folder.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is no record of a run, or one of another version.</exception>
    public static RunRecord Read(string runDirectory)
    {
        string path = Path.Combine(runDirectory, FileName);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"The folder '{Path.GetFullPath(runDirectory)}' holds no run: {FileName} is missing.",
                path
            );
        }

        return Parse(FileSystem.Current.ReadAllText(path), path);
    }

    /// <summary>Reads a record from its text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Where it is from, for messages.</param>
    /// <exception cref="InvalidDataException">It is no record of a run, or one of another version.</exception>
    public static RunRecord Parse(string text, string path)
    {
        try
        {
            var json = JsonFormat.Parse(text);
            int? format = (int?)json[Key(nameof(Format))];
            return format == CurrentFormat
                ? Of(json)
                : throw new InvalidDataException(
                    $"'{path}' has the format {format}, but this version reads format {CurrentFormat}. Read it with "
                        + "the version of VisionSeqModels that wrote it."
                );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is no record of a run: {e.Message}", e);
        }
    }

    private static RunRecord Of(JsonObject json) =>
        new()
        {
            Status = Required<StopReason>(json, nameof(Status)),
            StopMessage = (string?)json[Key(nameof(StopMessage))],
            Started = Required<DateTimeOffset>(json, nameof(Started)),
            Seconds = Required<double>(json, nameof(Seconds)),
            Source = Part<string>(json, nameof(Source)),
            Data = Part<DataPart>(json, nameof(Data)),
            Model = Part<ModelPart>(json, nameof(Model)),
            Trainer = json[Key(nameof(Trainer))] as JsonObject,
            Freezing = Part<List<FreezePart>>(json, nameof(Freezing)),
            Warnings = json.ContainsKey(Key(nameof(Warnings)))
                ? RequiredList<string>(json, nameof(Warnings), "an entry of 'warnings' is null.")
                : null,
            Seed = Required<long>(json, nameof(Seed)),
            Device = Required<string>(json, nameof(Device)),
            Threads = Required<int>(json, nameof(Threads)),
            Versions = json[Key(nameof(Versions))] as JsonObject,
            Steps = Required<long>(json, nameof(Steps)),
            Best = Part<Dictionary<string, BestPart>>(json, nameof(Best)),
            Epochs = RequiredList<EpochRecord>(json, nameof(Epochs), "an epoch is null."),
            Resumes = RequiredList<ResumeRecord>(json, nameof(Resumes), "an entry of 'resumes' is null."),
            Extra = new JsonObject(
                json.Where(entry => !OwnKeys.Contains(entry.Key))
                    .Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone()))
            ),
        };

    private static List<T> RequiredList<T>(JsonObject json, string name, string onNull)
        where T : class => Required<List<T?>>(json, name).ConvertAll(entry => entry ?? throw new JsonException(onNull));

    private static T Required<T>(JsonObject json, string name) =>
        JsonFormat.Read<T>(json[Key(name)]) ?? throw new JsonException($"it lacks '{Key(name)}'.");

    private static T? Part<T>(JsonObject json, string name)
        where T : class
    {
        try
        {
            return JsonFormat.Read<T>(json[Key(name)]);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Key(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);

    private static JsonObject MetricsOf(EpochRecord epoch)
    {
        var metrics = new JsonObject { ["epoch"] = epoch.Epoch };
        foreach (var (name, value) in epoch.Metrics)
        {
            metrics[name] = JsonFormat.Node(value); // JSON has no NaN: it becomes the text "NaN"
        }

        metrics["learning_rate"] = JsonFormat.Node(epoch.LearningRate);
        metrics["samples_per_second"] = JsonFormat.Node(epoch.SamplesPerSecond);
        return metrics;
    }

    /// <summary>The data. The sample counts are null where a source does not know them; shape (channels, height, width) and
    /// class names are there for images. How values become inputs is left out where the data does not say.</summary>
    public sealed record DataPart
    {
        public string? Source { get; init; }

        public long? TrainSamples { get; init; }

        public long? ValidationSamples { get; init; }

        public long? TestSamples { get; init; }

        public IReadOnlyList<int>? ImageShape { get; init; }

        public IReadOnlyList<string>? ClassNames { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public ImageNormalization? Normalization { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public ImagePreparation? Preparation { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<string>? FeatureNames { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public FeatureNormalization? Features { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public FeatureNormalization? Targets { get; init; }

        /// <summary>How many files of training, validation and test could not be read; left out where none.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? SkippedFiles { get; init; }
    }

    /// <summary>The model. The architecture is its builder. Options are those that it was built with, or null where it does
    /// not know them.</summary>
    public sealed record ModelPart
    {
        public string? Name { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Architecture { get; init; }

        public long? Parameters { get; init; }

        public JsonObject? Options { get; init; }
    }

    /// <summary>What does not train from an epoch on, and the learning rates that parameters were unfrozen with.</summary>
    public sealed record FreezePart
    {
        public required int FromEpoch { get; init; }

        public required IReadOnlyList<string> Frozen { get; init; }

        public required IReadOnlyDictionary<string, double> LearningRates { get; init; }
    }

    /// <summary>A metric's best value and the epoch that had it.</summary>
    public sealed record BestPart
    {
        public required double Value { get; init; }

        public required int Epoch { get; init; }
    }
}
