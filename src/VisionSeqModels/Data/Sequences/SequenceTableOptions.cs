using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>What the columns of a table are, and what becomes of its rows; for <see cref="SequenceTable"/>.</summary>
/// <remarks>Name exactly one kind of target: <see cref="Class"/>, <see cref="Values"/> or <see cref="Forecast"/>.</remarks>
public sealed record SequenceTableOptions
{
    /// <summary>The column that says which sequence a row belongs to; default null: all rows are one sequence.</summary>
    public string? Sequence { get; init; }

    /// <summary>The column that orders the rows of a sequence, of numbers or of dates; default null: the order of the
    /// file.</summary>
    public string? Order { get; init; }

    /// <summary>The columns that are the features of a step, all numbers; default null: every column that has no other
    /// role, and those of <see cref="Forecast"/>.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>The column with the class of the row's sequence; default null.</summary>
    public string? Class { get; init; }

    /// <summary>The columns with the numbers that belong to the row's sequence; default null.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The columns whose later values are to be forecast; default null. A sample is then a window of a
    /// sequence.</summary>
    public IReadOnlyList<string>? Forecast { get; init; }

    /// <summary>Whether <see cref="Class"/> or <see cref="Values"/> belong to each step; default false: to the whole
    /// sequence, and a change within it is a fault.</summary>
    public bool TargetEachStep { get; init; }

    /// <summary>Steps of a window of a forecast; default 32, at least 1.</summary>
    public int Window { get; init; } = 32;

    /// <summary>How many steps after a window's last one the forecast value lies; default 1, at least 1.</summary>
    public int Horizon { get; init; } = 1;

    /// <summary>Steps from the begin of a window to the begin of the next; default 1, at least 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>What missing feature values become; default <see cref="MissingValues.Refuse"/>.</summary>
    public MissingValues Missing { get; init; } = MissingValues.Refuse;

    /// <summary>The texts that mean that a value is missing, besides an empty field, whatever their case; default NA, N/A, NaN
    /// and null.</summary>
    public IReadOnlyList<string> MissingTexts { get; init; } = ["NA", "N/A", "NaN", "null"];

    /// <summary>Whether features, and targets that are numbers, are normalised by mean and standard deviation of the training
    /// part; default true. Losses and metrics are then in standard deviations.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>How the table is divided; default <see cref="TableSplit.Sequence"/>.</summary>
    public TableSplit Split { get; init; } = TableSplit.Sequence;

    /// <summary>The column with the group of the row's sequence, for <see cref="TableSplit.Group"/>; default null.</summary>
    public string? Group { get; init; }

    /// <summary>The fraction that is for testing; default 0.2, above 0 and below 1.</summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>Decides which sequences or groups are for testing; default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Whether shuffled batches have sequences of similar lengths; default false.</summary>
    public bool Bucketing { get; init; }

    /// <summary>The character between two fields; default the comma.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>How numbers and dates are written; default the invariant culture, with a decimal point.</summary>
    public CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;

    /// <summary>The name for logs and run.json; default <c>table</c>.</summary>
    public string Name { get; init; } = "table";

    internal void Validate() =>
        new OptionFaults(nameof(SequenceTableOptions))
            .Require(
                Targets.Count() == 1 || !IsNames(Values) || !IsNames(Forecast),
                nameof(Class),
                $"given where {nameof(Values)} and {nameof(Forecast)} are null, and null where one of them is given",
                Targets.Any() ? string.Join(" beside ", Targets) : "null beside null"
            )
            .Require(IsNames(Features), nameof(Features), "null or a list of different names", Text(Features))
            .Require(IsNames(Values), nameof(Values), "null or a list of different names", Text(Values))
            .Require(IsNames(Forecast), nameof(Forecast), "null or a list of different names", Text(Forecast))
            .Require(
                Features?.Any(name => IsTargetOrName(name)) != true,
                nameof(Features),
                $"other columns than those of {nameof(Class)}, {nameof(Values)}, {nameof(Sequence)} and {nameof(Group)}",
                Text(Features)
            )
            .Require(!TargetEachStep || Forecast is null, nameof(TargetEachStep), "false for a forecast", TargetEachStep)
            .AtLeast(1, nameof(Window), Window)
            .AtLeast(1, nameof(Horizon), Horizon)
            .AtLeast(1, nameof(Stride), Stride)
            .Require(Enum.IsDefined(Missing), nameof(Missing), "Refuse, Zero, TrainingMean or ForwardFill", Missing)
            .List(nameof(MissingTexts), MissingTexts)
            .Require(Enum.IsDefined(Split), nameof(Split), "Sequence, Group or Time", Split)
            .Require(
                Split == TableSplit.Group == (Group is not null),
                nameof(Group),
                Split == TableSplit.Group ? "the name of a column, to split by group" : "null where the split is not by group",
                Group
            )
            .Require(
                Sequence is not null || Split == TableSplit.Time,
                nameof(Sequence),
                "the name of a column, unless the split is by time",
                Sequence
            )
            .Require(
                Order is not null || Split != TableSplit.Time || Forecast is not null,
                nameof(Order),
                "the name of a column, to split whole sequences by time",
                Order
            )
            .Require(TestFraction > 0 && TestFraction < 1, nameof(TestFraction), "above 0 and below 1", TestFraction)
            .Require(
                Separator is not ('"' or '\r' or '\n' or '\0'),
                nameof(Separator),
                "no quote and no line break",
                Separator == '"' ? "\"" : $"U+{(int)Separator:X4}"
            )
            .Require(Culture is not null, nameof(Culture), "a culture", Culture)
            .Require(!string.IsNullOrWhiteSpace(Name), nameof(Name), "a text", Name)
            .ThrowIfAny();

    private bool IsTargetOrName(string name) =>
        name is not null && (name == Class || name == Sequence || name == Group || Values?.Contains(name) == true);

    private IEnumerable<string> Targets =>
        new[] { Class is null ? null : nameof(Class), Values is null ? null : nameof(Values) }
            .Append(Forecast is null ? null : nameof(Forecast))
            .OfType<string>();

    private static bool IsNames(IReadOnlyList<string>? names) =>
        names is null || (names.Count > 0 && SequenceDatasetOptions.AreDifferent(names));

    private static string? Text(IReadOnlyList<string>? names) => SequenceDatasetOptions.Text(names);
}
