namespace VisionSeqModels.Tests.Options;

internal static class ExportCases
{
    public static OptionsCase[] All { get; } =
    [
        new(
            "OnnxOptions",
            """
            Opset = 17
            Input = null
            Output = null
            InputShape = null
            Normalization = null
            Preparation = null
            Features = null
            Targets = null
            ClassNames = null
            DynamicBatch = true
            DynamicTime = true
            Lengths = false
            Converters = []
            """,
            ("Opset", 12, "Opset must be from 13 to 21, but is 12."),
            ("Input", (OnnxInput)9, "Input must be null, Normalized, Pixels, Features or Indices, but is 9."),
            ("Output", (OnnxOutput)9, "Output must be null, Scores, Probabilities or Values, but is 9."),
            ("InputShape", new long[] { 3, 0, 8 }, "InputShape must be null or sizes of at least 1, but is 3, 0, 8."),
            ("InputShape", Array.Empty<long>(), "InputShape must be null or sizes of at least 1, but is empty."),
            ("Preparation", new ImagePreparation { Channels = 2 }, "Preparation.Channels must be 1 or 3, but is 2."),
            ("ClassNames", Array.Empty<string>(), "ClassNames must be null or a name for each class, but is empty."),
            (
                "ClassNames",
                new[] { "cat", null! },
                "ClassNames must be null or a name for each class, but is one with null in it."
            ),
            ("Converters", null, "Converters must be functions by type, none of them null, but is null.")
        ),
    ];
}
