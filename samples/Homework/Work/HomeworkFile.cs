using System.Text.Json;

/// <summary>homework.json: what the folder holds, and how long that took.</summary>
internal sealed record HomeworkFile
{
    private const string Name = "homework.json";
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>The command that made it.</summary>
    public required string Command { get; init; }

    /// <summary>The parts that it has.</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>The seeds of each setting.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>How many trials ran at once.</summary>
    public required int AtOnce { get; init; }

    /// <summary>How long trials and views took, over all runs of the command.</summary>
    public double Seconds { get; init; }

    /// <summary>Reads it; null where the folder has none.</summary>
    public static HomeworkFile? Read(string folder) =>
        File.Exists(Path.Combine(folder, Name))
            ? JsonSerializer.Deserialize<HomeworkFile>(File.ReadAllText(Path.Combine(folder, Name)), Format)
            : null;

    /// <summary>The file with what an earlier run of the command left in the folder.</summary>
    public HomeworkFile After(HomeworkFile? before) =>
        before is null
            ? this
            : this with
            {
                Parts = [.. global::Parts.Names.Where(part => Parts.Contains(part) || before.Parts.Contains(part))],
                Seeds = [.. Seeds.Union(before.Seeds).Order()],
                Seconds = before.Seconds,
            };

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        TextFile.Write(Path.Combine(folder, Name), JsonSerializer.Serialize(this, Format) + "\n");
    }
}
