using System.Text.Json;
using System.Text.Json.Serialization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>The content of study.json: what is compared, and which folder holds which trial.</summary>
internal sealed record StudyFile
{
    public const string Name = "study.json";
    private const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    public required string Question { get; init; }

    public required string Monitor { get; init; }

    public required bool HigherIsBetter { get; init; }

    public string? Command { get; init; }

    /// <summary>How many trials ran at once, the last time.</summary>
    public int? ParallelTrials { get; init; }

    /// <summary>Null where all trials go to the end.</summary>
    public SuccessiveHalvingOptions? Halving { get; init; }

    /// <summary>How the plan came to its settings; null in an older record.</summary>
    public StudyPlanKind? Plan { get; init; }

    /// <summary>See <see cref="StudyOptions.EquivalenceMargin"/>.</summary>
    public double? EquivalenceMargin { get; init; }

    /// <summary>How the training data is divided; null where every trial has all of it.</summary>
    public StudyFolds? Folds { get; init; }

    public required IReadOnlyList<Entry> Trials { get; init; }

    /// <exception cref="FileNotFoundException">There is no study.</exception>
    /// <exception cref="InvalidDataException">The file is none, or of another version.</exception>
    public static StudyFile Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The folder '{Path.GetFullPath(folder)}' holds no study: {Name} is missing.", path);
        }

        return Parse(FileSystem.Current.ReadAllText(path), path);
    }

    /// <summary>Reads a record from its text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Where it is from, for messages.</param>
    /// <exception cref="InvalidDataException">It is none, or of another version.</exception>
    public static StudyFile Parse(string text, string path)
    {
        try
        {
            var json = JsonFormat.Parse(text);
            int? format = (int?)json["format"];
            return format == CurrentFormat
                ? Checked(JsonFormat.Read<StudyFile>(json)!)
                : throw new InvalidDataException(
                    $"'{path}' has the format "
                        + $"{format?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}, but this "
                        + $"version reads format {CurrentFormat}. Run the study again in another folder."
                );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is no record of a study: {e.Message}", e);
        }
    }

    /// <summary>The study that a folder holds, or null.</summary>
    public static StudyFile? Find(string folder) => File.Exists(Path.Combine(folder, Name)) ? Read(folder) : null;

    public void Write(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, Name), Text());

    public string Text() => JsonFormat.Serialize(this, JsonFormat.Indented) + "\n";

    /// <summary>With the claims of trials, and the reasons for which they failed, as a ledger has them.</summary>
    public StudyFile With(IReadOnlyCollection<LedgerTrial> trials)
    {
        var known = trials.ToDictionary(trial => trial.Trial, StringComparer.Ordinal);
        return this with
        {
            Trials =
            [
                .. Trials.Select(entry =>
                    known.TryGetValue(entry.Folder, out var trial)
                        ? entry with
                        {
                            Failure = trial.Reason,
                            CanTryAgain = trial.Status == LedgerTrialStatus.Released && trial.Reason is not null,
                            Claims = trial.Claims,
                        }
                        : entry
                ),
            ],
        };
    }

    private static StudyFile Checked(StudyFile file) =>
        file.Trials.Count == 0 || file.Trials.Contains(null!) ? throw new JsonException("it has no trials, or a null among them.")
        : file.Trials.FirstOrDefault(trial => !IsOwnFolder(trial.Folder)) is Entry astray
            ? throw new JsonException($"'{astray.Folder}' is no folder within the study's.")
        : file.Trials.DistinctBy(trial => trial.Key).Count() < file.Trials.Count
            ? throw new JsonException("a trial is there twice.")
        : file.Trials.DistinctBy(trial => trial.Folder, StringComparer.OrdinalIgnoreCase).Count() < file.Trials.Count
            ? throw new JsonException("two trials have the same folder.")
        : file.Halving?.Faults() is { Count: > 0 } faults ? throw new JsonException($"halving: {string.Join(' ', faults)}")
        : file;

    /// <summary>As <see cref="StudyRecord"/> names them: nothing that leads elsewhere on any system.</summary>
    private static bool IsOwnFolder(string name) =>
        name.Any(char.IsAsciiLetterOrDigit)
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    /// <summary>A trial.</summary>
    /// <param name="Setting">Its setting's name.</param>
    /// <param name="Factors">For each factor the label of its value.</param>
    /// <param name="Seed">Its seed.</param>
    /// <param name="Folder">Its run folder, within the study's.</param>
    /// <param name="Failure">Why it failed, or null.</param>
    /// <param name="CanTryAgain">Whether the failure was not the trial's own: a full disk, a folder that could not be
    /// written to.</param>
    /// <param name="Fold">The fold that it is measured on, from 1; null without folds.</param>
    /// <param name="Division">What the division of the data came to, as a hash; null without folds.</param>
    /// <param name="Changes">Which options it was run with that were others later, a sentence each; null for none.</param>
    /// <param name="Claims">Who ran it over a ledger, the oldest claim first; null for a study without one.</param>
    public sealed record Entry(
        string Setting,
        IReadOnlyDictionary<string, string> Factors,
        long Seed,
        string Folder,
        string? Failure = null,
        bool CanTryAgain = false,
        int? Fold = null,
        string? Division = null,
        IReadOnlyList<string>? Changes = null,
        IReadOnlyList<LedgerClaim>? Claims = null
    )
    {
        [JsonIgnore]
        public TrialKey Key => new(Setting, Seed, Fold);

        [JsonIgnore]
        public bool IsOver => Failure is not null && !CanTryAgain;
    }
}
