namespace VisionSeqModels.Tests.Options;

internal static class ModelAndDataCases
{
    private const string NeededSide = "at least 16 pixels for two 5×5 convolutions with 2×2 pooling";

    private static readonly (string, object?, string)[] Outputs =
    [
        ("Output", (ModelOutput)9, "Output must be Classes, Values or Labels, but is 9."),
        ("ClassCount", 1, "ClassCount must be at least 2, but is 1."),
        ("ValueCount", 0, "ValueCount must be at least 1, but is 0."),
        ("ValueCount", 3, "ValueCount must be 1 where Output is Classes, since it counts the outputs of Values, but is 3."),
    ];

    public static OptionsCase[] All { get; } =
    [
        new(
            "LeNetOptions",
            """
            InputChannels = 3
            ImageHeight = 32
            ImageWidth = 32
            Output = Classes
            ClassCount = 10
            ValueCount = 1
            Conv1Channels = 6
            Conv2Channels = 16
            KernelSize = 5
            Fc1Size = 120
            Fc2Size = 84
            Activation = ReLU
            Pooling = Max
            Seed = null
            """,
            [
                ("InputChannels", 0, "InputChannels must be at least 1, but is 0."),
                ("ImageHeight", 15, $"ImageHeight must be {NeededSide}, but is 15."),
                ("ImageWidth", 8, $"ImageWidth must be {NeededSide}, but is 8."),
                .. Outputs,
                ("Conv1Channels", 0, "Conv1Channels must be at least 1, but is 0."),
                ("Conv2Channels", -3, "Conv2Channels must be at least 1, but is -3."),
                ("KernelSize", 0, "KernelSize must be at least 1, but is 0."),
                ("Fc1Size", 0, "Fc1Size must be at least 1, but is 0."),
                ("Fc2Size", 0, "Fc2Size must be at least 1, but is 0."),
                ("Activation", (ActivationFunction)9, "Activation must be ReLU or Tanh, but is 9."),
                ("Pooling", (PoolingMode)9, "Pooling must be Max or Average, but is 9."),
            ]
        )
        {
            Hidden = ["ImageHeight", "ImageWidth"], // without a kernel no image is too small for it
        },
        new(
            "RecurrentOptions",
            """
            InputSize = 28
            HiddenSize = 128
            LayerCount = 1
            Bidirectional = false
            Dropout = 0
            Nonlinearity = Tanh
            Readout = Last
            Output = Classes
            ClassCount = 10
            ValueCount = 1
            Sequence = Rows
            PatchSize = 4
            PaddingValue = null
            OrthogonalRecurrentWeights = false
            ForgetGateBias = null
            Seed = null
            """,
            [
                ("InputSize", 0, "InputSize must be at least 1, but is 0."),
                ("HiddenSize", 0, "HiddenSize must be at least 1, but is 0."),
                ("LayerCount", 0, "LayerCount must be at least 1, but is 0."),
                ("Dropout", 0.5, "Dropout must be 0 where there is one layer, since it acts between layers, but is 0.5."),
                ("Nonlinearity", (ActivationFunction)9, "Nonlinearity must be Tanh or ReLU, but is 9."),
                ("Readout", (SequenceReadout)9, "Readout must be Last, Mean, Max or EachStep, but is 9."),
                .. Outputs,
                ("Sequence", (ImageSequence)9, "Sequence must be Rows, Columns, Pixels or Patches, but is 9."),
                ("PatchSize", 0, "PatchSize must be at least 1, but is 0."),
                ("PaddingValue", double.NaN, "PaddingValue must be null or a finite number, but is NaN."),
                ("ForgetGateBias", 1.0, "ForgetGateBias must be null for the cell Rnn, which has no forget gate, but is 1."),
            ]
        )
        {
            Hidden = ["Dropout"], // without a layer there is not one
        },
        new(
            "MlpOptions",
            """
            InputShape = [1, 28, 28]
            HiddenSizes = [256, 128]
            Activation = ReLU
            Dropout = 0
            Output = Classes
            ClassCount = 10
            ValueCount = 1
            Seed = null
            """,
            [
                (
                    "InputShape",
                    Array.Empty<int>(),
                    "InputShape must be a list of one number or more, each at least 1, but is []."
                ),
                ("InputShape", null, "InputShape must be a list of one number or more, each at least 1, but is null."),
                ("HiddenSizes", new[] { 8, 0 }, "HiddenSizes must be a list of numbers of at least 1, but is [8, 0]."),
                ("Activation", (ActivationFunction)9, "Activation must be ReLU or Tanh, but is 9."),
                ("Dropout", 1.0, "Dropout must be at least 0 and below 1, but is 1."),
                .. Outputs,
            ]
        ),
        new(
            "ResNetOptions",
            """
            InputChannels = 3
            ImageHeight = 32
            ImageWidth = 32
            Stem = Small
            BlockCounts = [3, 3, 3]
            Widths = [16, 32, 64]
            Shortcut = Identity
            Output = Classes
            ClassCount = 10
            ValueCount = 1
            Seed = null
            """,
            [
                ("InputChannels", 0, "InputChannels must be at least 1, but is 0."),
                ("ImageHeight", 0, "ImageHeight must be at least 1, but is 0."),
                ("ImageWidth", -1, "ImageWidth must be at least 1, but is -1."),
                ("Stem", (ResNetStem)9, "Stem must be Small or Large, but is 9."),
                (
                    "BlockCounts",
                    new[] { 3, 0, 3 },
                    "BlockCounts must be a list of one number or more, each at least 1, but is [3, 0, 3]."
                ),
                ("Widths", null, "Widths must be a list of numbers of at least 1, but is null."),
                ("Widths", new[] { 16, 32 }, "Widths must be as many numbers as BlockCounts, 3, but is [16, 32]."),
                (
                    "Widths",
                    new[] { 16, 32, 8 },
                    "Widths must be none smaller than the one before where Shortcut is Identity, but is [16, 32, 8]."
                ),
                ("Shortcut", (ResNetShortcut)9, "Shortcut must be Identity or Projection, but is 9."),
                .. Outputs,
            ]
        ),
        new(
            "DatasetOptions",
            """
            Download = true
            Progress = null
            TrainLimit = null
            TestLimit = null
            Mirror = null
            HttpHandler = null
            Logger = null
            CancellationToken = CancellationToken
            """,
            ("TrainLimit", 0, "TrainLimit must be null or at least 1, but is 0."),
            ("TestLimit", 0, "TestLimit must be null or at least 1, but is 0."),
            ("Mirror", new Uri("files", UriKind.Relative), "Mirror must be an absolute URI, but is files.")
        ),
        new(
            "SyntheticImagesOptions",
            """
            TrainCount = 5000
            TestCount = 1000
            Channels = 3
            Size = 32
            Varied = true
            Seed = 1
            """,
            ("TrainCount", 0, "TrainCount must be at least 1, but is 0."),
            ("TestCount", 0, "TestCount must be at least 1, but is 0."),
            ("Channels", 2, "Channels must be 1 or 3, but is 2."),
            ("Size", 15, "Size must be from 16 to 256, but is 15.")
        ),
        new(
            "ImageNormalization",
            """
            Mean = [0.5, 0.5, 0.5]
            StandardDeviation = [0.5, 0.5, 0.5]
            """,
            ("Mean", new[] { 0.5, 1.5 }, "Mean must be one finite number for each of the 3 channels, but is 0.5, 1.5."),
            (
                "StandardDeviation",
                new[] { 0.5, 0, 0.5 },
                "StandardDeviation must be one finite number above 0 for each of the 3 channels, but is 0.5, 0, 0.5."
            )
        ),
        new("Cutout", "Size = 8", ("Size", 0, "Size must be at least 1, but is 0.")),
        new("RandomCrop", "Padding = 4", ("Padding", -1, "Padding must be at least 0, but is -1.")),
        new("RandomHorizontalFlip", "Probability = 0.5", ("Probability", 1.5, "Probability must be from 0 to 1, but is 1.5.")),
        new(
            "RandomShift",
            """
            Horizontal = 2
            Vertical = 2
            """,
            ("Horizontal", -1, "Horizontal must be at least 0, but is -1."),
            ("Vertical", -1, "Vertical must be at least 0, but is -1.")
        ),
        new("RandomRotation", "Degrees = 15", ("Degrees", -1.0, "Degrees must be a finite number of at least 0, but is -1.")),
        new(
            "RandomScale",
            """
            MinScale = 0.8
            MaxScale = 1.2
            """,
            ("MinScale", 0.0, "MinScale must be a finite number above 0, but is 0."),
            ("MaxScale", -1.0, "MaxScale must be a finite number of at least MinScale, but is -1."),
            ("MaxScale", 0.5, "MaxScale must be a finite number of at least MinScale, but is 0.5.")
        ),
        new(
            "RandomAffine",
            """
            Degrees = 10
            MinScale = 0.9
            MaxScale = 1.1
            Translation = 0.1
            """,
            ("Degrees", double.NaN, "Degrees must be a finite number of at least 0, but is NaN."),
            ("MinScale", -1.0, "MinScale must be a finite number above 0, but is -1."),
            ("MaxScale", 0.0, "MaxScale must be a finite number of at least MinScale, but is 0."),
            ("Translation", 1.5, "Translation must be from 0 to 1, but is 1.5.")
        ),
        new(
            "ColorJitter",
            """
            Normalization = null
            Brightness = 0.2
            Contrast = 0.2
            Saturation = 0.2
            Hue = 0.05
            """,
            ("Normalization", null, "Normalization must be set to that of the data set, but is null."),
            ("Brightness", -1.0, "Brightness must be a finite number of at least 0, but is -1."),
            ("Contrast", -1.0, "Contrast must be a finite number of at least 0, but is -1."),
            ("Saturation", -1.0, "Saturation must be a finite number of at least 0, but is -1."),
            ("Hue", 0.6, "Hue must be from 0 to 0.5, but is 0.6.")
        )
        {
            Sound = () => new ColorJitter { Normalization = ImageNormalization.Cifar10 },
        },
        new(
            "RandomErasing",
            """
            Probability = 0.5
            MinArea = 0.02
            MaxArea = 0.33
            MinRatio = 0.3
            MaxRatio = 3.3
            Noise = false
            """,
            ("Probability", -0.1, "Probability must be from 0 to 1, but is -0.1."),
            ("MinArea", 0.0, "MinArea must be above 0 and at most 1, but is 0."),
            ("MaxArea", 1.5, "MaxArea must be from MinArea to 1, but is 1.5."),
            ("MaxArea", 0.01, "MaxArea must be from MinArea to 1, but is 0.01."),
            ("MinRatio", 0.0, "MinRatio must be a finite number above 0, but is 0."),
            ("MaxRatio", -1.0, "MaxRatio must be a finite number of at least MinRatio, but is -1."),
            ("MaxRatio", 0.1, "MaxRatio must be a finite number of at least MinRatio, but is 0.1.")
        ),
        new(
            "MixUp",
            """
            ClassCount = 0
            Alpha = 0.2
            Probability = 1
            """,
            ("ClassCount", 1, "ClassCount must be at least 2, but is 1."),
            ("Alpha", 0.0, "Alpha must be a finite number above 0, but is 0."),
            ("Probability", 2.0, "Probability must be from 0 to 1, but is 2.")
        )
        {
            Sound = () => new MixUp { ClassCount = 10 },
        },
        new(
            "CutMix",
            """
            ClassCount = 0
            Alpha = 1
            Probability = 1
            """,
            ("ClassCount", 1, "ClassCount must be at least 2, but is 1."),
            ("Alpha", 0.0, "Alpha must be a finite number above 0, but is 0."),
            ("Probability", 2.0, "Probability must be from 0 to 1, but is 2.")
        )
        {
            Sound = () => new CutMix { ClassCount = 10 },
        },
    ];
}
