using VisionSeqModels.Drawing;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Tests.Options;

internal static class ViewCases
{
    private static readonly (string, object?, string) BadBatchSize = ("BatchSize", 0, "BatchSize must be at least 1, but is 0.");

    public static OptionsCase[] All { get; } =
    [
        new(
            "ActivationStatisticsOptions",
            """
            Layers = null
            MaximumBinCount = 128
            BatchSize = 256
            """,
            ("Layers", Array.Empty<string>(), "Layers must be null or at least one name, but is 0."),
            ("MaximumBinCount", 7, "MaximumBinCount must be from 8 to 4096, but is 7."),
            BadBatchSize
        ),
        new(
            "ActivationMaximizationOptions",
            """
            Target = 0
            Layer = null
            Objective = null
            StepCount = 256
            LearningRate = 0.05
            L2 = 0.01
            TotalVariation = 0.1
            Jitter = 2
            Minimum = -2
            Maximum = 2
            Seed = 0
            """,
            ("Target", -1L, "Target must be at least 0, but is -1."),
            ("StepCount", 0, "StepCount must be at least 1, but is 0."),
            ("LearningRate", 0.0, "LearningRate must be a finite number above 0, but is 0."),
            ("L2", -1.0, "L2 must be a finite number of at least 0, but is -1."),
            ("TotalVariation", -1.0, "TotalVariation must be a finite number of at least 0, but is -1."),
            ("Jitter", -1, "Jitter must be at least 0, but is -1."),
            ("Minimum", 2.5, "Minimum must be finite and below Maximum (2), but is 2.5.")
        ),
        new(
            "AttributionOptions",
            """
            Targets = null
            Objective = null
            BatchSize = 256
            """,
            ("Targets", new long[] { 1, 2 }, "Targets must be null or 3 classes, one for each image, but is 2."),
            ("Targets", new long[] { 1, 2, -3 }, "Targets must be classes from 0, but is -3."),
            BadBatchSize
        ),
        new(
            "SmoothGradOptions",
            """
            CopyCount = 25
            Noise = 0.15
            Seed = 0
            Targets = null
            Objective = null
            BatchSize = 256
            """,
            ("CopyCount", 0, "CopyCount must be at least 1, but is 0."),
            ("Noise", -0.1, "Noise must be a finite number of at least 0, but is -0.1."),
            ("Targets", new long[] { 1, 2 }, "Targets must be null or 3 classes, one for each image, but is 2."),
            BadBatchSize
        ),
        new(
            "IntegratedGradientsOptions",
            """
            StepCount = 50
            Baseline = null
            Targets = null
            Objective = null
            BatchSize = 256
            """,
            ("StepCount", 0, "StepCount must be at least 1, but is 0."),
            ("Targets", new long[] { 1, 2 }, "Targets must be null or 3 classes, one for each image, but is 2."),
            BadBatchSize
        ),
        new(
            "ClassActivationMapsOptions",
            """
            Layer = null
            Targets = null
            Objective = null
            BatchSize = 256
            """,
            ("Targets", new long[] { 1, 2 }, "Targets must be null or 3 classes, one for each image, but is 2."),
            BadBatchSize
        ),
        new(
            "OcclusionSensitivityOptions",
            """
            Target = null
            Objective = null
            Size = 8
            Stride = 2
            Fill = 0
            Layer = null
            BatchSize = 256
            """,
            ("Target", -1L, "Target must be null or a class from 0, but is -1."),
            ("Size", 0, "Size must be at least 1, but is 0."),
            ("Stride", 0, "Stride must be at least 1, but is 0."),
            ("Fill", double.NaN, "Fill must be a finite number, but is NaN."),
            BadBatchSize
        ),
        new(
            "DeconvnetOptions",
            """
            Layer = null
            BatchSize = 256
            """,
            BadBatchSize
        ),
        new(
            "TopActivationsOptions",
            """
            Layer = null
            MaximumCount = 9
            BatchSize = 256
            """,
            ("MaximumCount", 0, "MaximumCount must be at least 1, but is 0."),
            BadBatchSize
        ),
        new(
            "DeepLiftOptions",
            """
            Baseline = null
            Targets = null
            Objective = null
            BatchSize = 256
            """,
            ("Targets", new long[] { 1, 2 }, "Targets must be null or 3 classes, one for each image, but is 2."),
            BadBatchSize
        ),
        new(
            "GradientShapOptions",
            """
            CopyCount = 25
            Baselines = null
            Noise = 0.05
            Seed = 0
            Targets = null
            Objective = null
            BatchSize = 256
            """,
            ("CopyCount", 0, "CopyCount must be at least 1, but is 0."),
            ("Noise", -0.1, "Noise must be a finite number of at least 0, but is -0.1."),
            ("Targets", new long[] { 1, 2 }, "Targets must be null or 3 classes, one for each image, but is 2."),
            BadBatchSize
        ),
        new(
            "LrpOptions",
            """
            ConvolutionRule = ZPlus
            LinearRule = Epsilon
            Epsilon = 1E-06
            Gamma = 0.25
            Targets = null
            Objective = null
            BatchSize = 256
            """,
            ("ConvolutionRule", (LrpRule)9, "ConvolutionRule must be a rule of LrpRule, but is 9."),
            ("LinearRule", (LrpRule)9, "LinearRule must be a rule of LrpRule, but is 9."),
            ("Epsilon", -1.0, "Epsilon must be a finite number of at least 0, but is -1."),
            ("Targets", new long[] { 1, 2 }, "Targets must be null or 3 classes, one for each image, but is 2."),
            ("Gamma", -1.0, "Gamma must be a finite number of at least 0, but is -1."),
            BadBatchSize
        ),
        new(
            "InsertionDeletionOptions",
            """
            StepCount = 28
            Fill = 0
            BlurRadius = 5
            ByMagnitude = false
            Objective = null
            BatchSize = 256
            """,
            ("StepCount", 0, "StepCount must be at least 1, but is 0."),
            ("Fill", double.NaN, "Fill must be a finite number, but is NaN."),
            ("BlurRadius", -1, "BlurRadius must be at least 0, but is -1."),
            BadBatchSize
        ),
        new(
            "InfidelityOptions",
            """
            SampleCount = 100
            Noise = 0.1
            Seed = 0
            Objective = null
            BatchSize = 256
            """,
            ("SampleCount", 0, "SampleCount must be at least 1, but is 0."),
            ("Noise", 0.0, "Noise must be a finite number above 0, but is 0."),
            BadBatchSize
        ),
        new(
            "MaxSensitivityOptions",
            """
            Method = AttributionMethod
            SampleCount = 10
            Radius = 0.02
            Seed = 0
            Objective = null
            BatchSize = 256
            """,
            ("Method", null, "Method must be a method such as Attribution.Saliency, but is null."),
            ("SampleCount", 0, "SampleCount must be at least 1, but is 0."),
            ("Radius", 0.0, "Radius must be a finite number above 0, but is 0."),
            BadBatchSize
        ),
        new(
            "RandomizationCheckOptions",
            """
            Method = AttributionMethod
            Objective = null
            Seed = 0
            BatchSize = 256
            """,
            ("Method", null, "Method must be a method such as Attribution.Saliency, but is null."),
            BadBatchSize
        ),
        new(
            "InvarianceCurvesOptions",
            """
            Transform = Shift
            Amounts = null
            Layers = null
            BatchSize = 256
            """,
            ("Transform", (ImageTransform)9, "Transform must be Shift, Scale or Rotate, but is 9."),
            (
                "Amounts",
                new[] { 1, double.NaN },
                "Amounts must be null or at least one finite number (for Scale above 0), but is NaN."
            ),
            (
                "Amounts",
                Array.Empty<double>(),
                "Amounts must be null or at least one finite number (for Scale above 0), but is empty."
            ),
            ("Layers", Array.Empty<string>(), "Layers must be null or at least one name, but is 0."),
            BadBatchSize
        ),
        new(
            "ConfusionMatrixOptions",
            """
            ClassNames = null
            IgnoreIndex = null
            BatchSize = 256
            """,
            ("ClassNames", Array.Empty<string>(), "ClassNames must be null or a name for each class, but is 0."),
            BadBatchSize
        ),
        new(
            "ConfidentErrorsOptions",
            """
            MaximumCount = 25
            BatchSize = 256
            """,
            ("MaximumCount", 0, "MaximumCount must be at least 1, but is 0."),
            BadBatchSize
        ),
        new(
            "ParameterHistogramsOptions",
            """
            Gradients = false
            BinCount = 60
            """,
            ("BinCount", 1, "BinCount must be from 2 to 1000, but is 1.")
        ),
        new(
            "GradientFlowOptions",
            """
            SampleCount = 256
            BatchSize = 64
            """,
            ("SampleCount", 0, "SampleCount must be at least 1, but is 0."),
            ("BatchSize", 0, "BatchSize must be at least 1, but is 0.")
        ),
        new(
            "PrefixAccuracyOptions",
            """
            Steps = null
            BatchSize = 256
            """,
            ("Steps", Array.Empty<int>(), "Steps must be null or at least one number of steps, but is 0."),
            ("BatchSize", 0, "BatchSize must be at least 1, but is 0.")
        ),
        new(
            "RecurrentTraceOptions",
            """
            Layer = null
            """,
            ("Layer", -1, "Layer must be null or at least 0, but is -1.")
        ),
        new(
            "HeatMapOptions",
            """
            Title = null
            RowTitle = null
            ColumnTitle = null
            RowNames = null
            ColumnNames = null
            Map = null
            Scale = null
            Meaning = null
            CellWidth = null
            CellHeight = null
            CellText = null
            Image = null
            Limit = PictureLimit
            """,
            ("RowNames", new[] { "a" }, "RowNames must be null or 2 names, but is 1."),
            ("ColumnNames", new[] { "a", "b", "c" }, "ColumnNames must be null or 2 names, but is 3."),
            ("Map", (ColorMap)9, "Map must be null, Sequential, Diverging or Grey, but is 9."),
            ("CellWidth", 0, "CellWidth must be null or from 1 to 256, but is 0."),
            ("CellHeight", 300, "CellHeight must be null or from 1 to 256, but is 300.")
        ),
        new(
            "ImageGridOptions",
            """
            Title = null
            Columns = null
            PixelSize = null
            Scale = null
            Map = Sequential
            Meaning = null
            Limit = PictureLimit
            """,
            ("Columns", 0, "Columns must be null or at least 1, but is 0."),
            ("PixelSize", 300, "PixelSize must be null or from 1 to 256, but is 300."),
            ("Map", (ColorMap)9, "Map must be Sequential, Diverging or Grey, but is 9.")
        ),
        new(
            "FilterGridOptions",
            """
            Title = null
            Scale = Shared
            Rgb = true
            PixelSize = 24
            Columns = null
            Limit = PictureLimit
            """,
            ("Scale", (FilterScale)9, "Scale must be Shared, PerFilter or MinMaxPerFilter, but is 9."),
            ("PixelSize", 0, "PixelSize must be from 1 to 256, but is 0."),
            ("Columns", 0, "Columns must be null or at least 1, but is 0.")
        ),
        new(
            "ConfusionMatrixDrawOptions",
            """
            Title = null
            Normalization = Row
            ShowPercent = false
            MaximumClasses = 100
            Limit = PictureLimit
            """,
            ("Normalization", (ConfusionMatrixNormalization)9, "Normalization must be Row, Column or All, but is 9."),
            ("MaximumClasses", 1, "MaximumClasses must be at least 2, but is 1.")
        ),
        new(
            "LearningCurvesOptions",
            """
            PanelWidth = 600
            Height = 420
            Limit = PictureLimit
            """,
            ("PanelWidth", 100, "PanelWidth must be from 200 to 10000, but is 100."),
            ("Height", 100, "Height must be from 150 to 10000, but is 100.")
        ),
        new(
            "LineChartOptions",
            """
            Title = null
            XTitle = null
            YTitle = null
            LogarithmicY = false
            Width = 700
            Height = 420
            """,
            ("Width", 100, "Width must be from 200 to 10000, but is 100."),
            ("Height", 100, "Height must be from 150 to 10000, but is 100.")
        ),
    ];
}
