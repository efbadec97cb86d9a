namespace VisionSeqModels.Tests.Options;

internal static class FileCases
{
    private const string Names = "null, or names without null";

    public static OptionsCase[] All { get; } =
    [
        new(
            "ImagePreparation",
            """
            Channels = 3
            Height = 64
            Width = 64
            Resize = ShorterSide
            Background = '#ffffff'
            """,
            ("Channels", 2, "Channels must be 1 or 3, but is 2."),
            ("Height", 0, "Height must be from 1 to 16384, but is 0."),
            ("Width", 16_385, "Width must be from 1 to 16384, but is 16385."),
            ("Resize", (ImageResize)9, "Resize must be ShorterSide, Stretch or Letterbox, but is 9."),
            ("Background", "white", "Background must be a colour such as #ffffff, but is white.")
        ),
        new(
            "ImageFolderOptions",
            """
            Preparation = ImagePreparation
            Normalization = null
            TestFraction = 0.2
            Seed = 0
            Group = null
            TestFolder = null
            OnBrokenFile = Refuse
            PixelLimit = 67108864
            MemoryLimit = 1073741824
            CacheDirectory = null
            Threads = null
            Progress = null
            Logger = null
            CancellationToken = CancellationToken
            """,
            ("Preparation", new ImagePreparation { Width = 0 }, "Preparation.Width must be from 1 to 16384, but is 0."),
            (
                "Normalization",
                new ImageNormalization { Mean = [0.5], StandardDeviation = [1, 1, 1] },
                "Normalization.Mean must be one finite number for each of the 3 channels, but is 0.5."
            ),
            ("TestFraction", 1.0, "TestFraction must be above 0 and below 1, but is 1."),
            ("TestFolder", " ", "TestFolder must be null or the name of a subfolder, but is  ."),
            ("OnBrokenFile", (OnBrokenFile)9, "OnBrokenFile must be Refuse or Skip, but is 9."),
            ("PixelLimit", 0L, "PixelLimit must be at least 1, but is 0."),
            ("MemoryLimit", -1L, "MemoryLimit must be at least 0, but is -1."),
            ("CacheDirectory", " ", "CacheDirectory must be null or a path, but is  ."),
            ("Threads", 0, "Threads must be null or at least 1, but is 0.")
        ),
        new(
            "PageOptions",
            """
            Title = null
            ClassNames = null
            Normalization = null
            ImageShape = null
            CenterDrawing = null
            ExampleCount = 10
            MaxMebibytes = 16
            """,
            ("ClassNames", new[] { "a", null! }, $"ClassNames must be {Names}, but is one with null in it."),
            ("ImageShape", new[] { 2, 8, 8 }, "ImageShape must be null, or 1 or 3 channels, height and width, but is 2, 8, 8."),
            ("ExampleCount", -1, "ExampleCount must be at least 0, but is -1."),
            ("MaxMebibytes", 0.0, "MaxMebibytes must be a finite number above 0, but is 0.")
        ),
    ];
}
