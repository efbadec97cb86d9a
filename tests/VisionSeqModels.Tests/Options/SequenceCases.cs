namespace VisionSeqModels.Tests.Options;

internal static class SequenceCases
{
    private const string Names = "null or a list of different names";

    public static OptionsCase[] All { get; } =
    [
        new(
            "FeatureNormalization",
            """
            Mean = [0, 0, 0]
            StandardDeviation = [1, 1, 1]
            """,
            ("Mean", new[] { 0.5, 1.5 }, "Mean must be one finite number for each of the 3 features, but is 0.5, 1.5."),
            (
                "StandardDeviation",
                new[] { 0.5, 0, 0.5 },
                "StandardDeviation must be one finite number above 0 for each of the 3 features, but is 0.5, 0, 0.5."
            )
        ),
        new(
            "SequenceDatasetOptions",
            """
            Name = 'sequences'
            FeatureNames = null
            ClassNames = null
            Normalization = null
            TargetNormalization = null
            Bucketing = false
            """,
            ("Name", " ", "Name must be a text, but is  ."),
            ("FeatureNames", new[] { "x" }, "FeatureNames must be null or 3 different names, one a feature, but is x."),
            ("ClassNames", new[] { "a", "a" }, $"ClassNames must be {Names}, but is a, a."),
            (
                "Normalization",
                new FeatureNormalization { Mean = [0], StandardDeviation = [1, 1, 1] },
                "Normalization.Mean must be one finite number for each of the 3 features, but is 0."
            )
        ),
        new(
            "SequenceTableOptions",
            """
            Sequence = null
            Order = null
            Features = null
            Class = null
            Values = null
            Forecast = null
            TargetEachStep = false
            Window = 32
            Horizon = 1
            Stride = 1
            Missing = Refuse
            MissingTexts = ['NA', 'N/A', 'NaN', 'null']
            Normalize = true
            Split = Sequence
            Group = null
            TestFraction = 0.2
            Seed = 0
            Bucketing = false
            Separator = ,
            Culture = CultureInfo
            Name = 'table'
            """,
            ("Sequence", null, "Sequence must be the name of a column, unless the split is by time, but is null."),
            ("Features", Array.Empty<string>(), $"Features must be {Names}, but is empty."),
            (
                "Class",
                null,
                "Class must be given where Values and Forecast are null, and null where one of them is given, but is null beside "
                    + "null."
            ),
            ("Values", Array.Empty<string>(), $"Values must be {Names}, but is empty."),
            ("Forecast", new[] { "x", "x" }, $"Forecast must be {Names}, but is x, x."),
            ("Window", 0, "Window must be at least 1, but is 0."),
            ("Horizon", 0, "Horizon must be at least 1, but is 0."),
            ("Stride", 0, "Stride must be at least 1, but is 0."),
            ("Missing", (MissingValues)9, "Missing must be Refuse, Zero, TrainingMean or ForwardFill, but is 9."),
            ("MissingTexts", null, "MissingTexts must be a list without null in it (an empty one is fine), but is null."),
            ("Split", (TableSplit)9, "Split must be Sequence, Group or Time, but is 9."),
            ("Group", "person", "Group must be null where the split is not by group, but is person."),
            ("TestFraction", 1.0, "TestFraction must be above 0 and below 1, but is 1."),
            ("Separator", '"', "Separator must be no quote and no line break, but is \"."),
            ("Culture", null, "Culture must be a culture, but is null."),
            ("Name", "", "Name must be a text, but is .")
        )
        {
            Sound = () => new SequenceTableOptions { Sequence = "id", Class = "label" },
            Hidden = ["Class"], // where the lists of Values or Forecast are bad, they are reported alone
        },
    ];
}
