using System.Globalization;
using System.Text.Json.Serialization;

namespace VisionSeqModels.Studies;

/// <summary>How a study divides its training data for cross-validation, as study.json has it.</summary>
internal sealed record StudyFolds
{
    public required int Count { get; init; }

    public required long Seed { get; init; }

    public required bool Stratified { get; init; }

    public required bool Grouped { get; init; }

    /// <summary>The group of the sample at an index; null in a record that was read, and where each sample is its own.</summary>
    [JsonIgnore]
    public Func<long, long>? Group { get; init; }

    /// <summary>How many of the folds are run, from the first on.</summary>
    [JsonIgnore]
    public int Run { get; init; }

    /// <summary>The division as text, for example “5 folds (stratified, seed 0)”.</summary>
    public static string Text(StudyFolds? folds) =>
        folds is null
            ? "no folds"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{folds.Count} folds ({(folds.Stratified ? "stratified, " : "")}{(folds.Grouped ? "grouped, " : "")}seed "
                    + $"{folds.Seed})"
            );
}
