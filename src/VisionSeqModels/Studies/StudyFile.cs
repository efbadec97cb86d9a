using System.Text.Json;

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

        try
        {
            var json = JsonFormat.Parse(File.ReadAllText(path));
            int? format = (int?)json["format"];
            return format == CurrentFormat
                ? Checked(json.Deserialize<StudyFile>(JsonFormat.Reading)!)
                : throw new InvalidDataException($"'{path}' has the format {format?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}, but this version reads format {CurrentFormat}. Run the study again in another folder.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is no record of a study: {e.Message}", e);
        }
    }

    public void Write(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, Name), JsonSerializer.Serialize(this, JsonFormat.Indented) + "\n");

    private static StudyFile Checked(StudyFile file) => !file.Trials.Contains(null!) ? file : throw new JsonException("a trial is null.");

    /// <summary>A trial; its failure is kept here where it came to none of its own record.</summary>
    public sealed record Entry(string Setting, IReadOnlyDictionary<string, string> Factors, long Seed, string Folder, string? Failure = null);
}
