using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Callbacks;

/// <summary>A relative path of a callback begins where the current directory was when the fit began, for every callback that
/// has one: a new callback without this is found by reflection.</summary>
[Collection("Torch")]
public sealed class CallbackPathTests
{
    private const string Layer = "conv1";

    public static TheoryData<string> Paths =>
        [.. Writers.SelectMany(type => PathsOf(type).Select(property => $"{type.Name}.{property}").Append($"{type.Name}."))];

    private static IEnumerable<Type> Writers =>
        typeof(Callback)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Callback)) && !type.IsAbstract && PathsOf(type).Any());

    [Fact]
    public void CallbacksWithPaths_AreAtLeastThese() => Assert.InRange(Writers.Count(), 11, int.MaxValue);

    /// <summary>Each path alone, and none, which is the current directory (or no file).</summary>
    [Theory]
    [MemberData(nameof(Paths))]
    public void RelativePath_WithAChangedCurrentDirectory_StaysWhereTheFitBegan(string name)
    {
        var type = Writers.Single(writer => name.StartsWith(writer.Name + ".", StringComparison.Ordinal));
        string property = name[(type.Name.Length + 1)..];
        using var folder = new TempFolder();
        using var images = Images();
        using var model = VisionModels.LeNet(
            new LeNetOptions
            {
                InputChannels = 1,
                ImageHeight = 16,
                ImageWidth = 16,
            }
        );
        var callback = Create(type, images);
        if (property.Length > 0)
        {
            type.GetProperty(property)!.SetValue(callback, "own");
        }

        string before = Environment.CurrentDirectory;
        string[] begun = [folder["begun"], folder["elsewhere"]];
        Array.ForEach(begun, path => Directory.CreateDirectory(path));
        void Leave() => Environment.CurrentDirectory = begun[1];
        var options = new TrainerOptions
        {
            Epochs = 1,
            BatchSize = 8,
            Seed = 1,
            Device = "cpu",
        };
        try
        {
            Environment.CurrentDirectory = begun[0];
            new Trainer(options)
            {
                Callbacks =
                {
                    new TracingCallback([]) { At = "FitStart", Act = _ => Leave() },
                    callback,
                },
            }.Fit(model, images, images);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        Assert.Empty(Directory.GetFileSystemEntries(begun[1]));
        if (property.Length > 0)
        {
            Assert.True(Path.Exists(Path.Combine(begun[0], "own")), $"{name} wrote nothing");
        }
    }

    private static IEnumerable<string> PathsOf(Type type) =>
        type.GetProperties()
            .Where(property =>
                property.PropertyType == typeof(string)
                && property.SetMethod is { IsPublic: true }
                && (
                    property.Name.EndsWith("Path", StringComparison.Ordinal)
                    || property.Name.EndsWith("Directory", StringComparison.Ordinal)
                    || property.Name.EndsWith("Folder", StringComparison.Ordinal)
                    || property.Name.EndsWith("File", StringComparison.Ordinal)
                )
            )
            .Select(property => property.Name);

    private static Callback Create(Type type, ImageDataset images)
    {
        var constructor = type.GetConstructors().Single();
        object?[] arguments =
        [
            .. constructor
                .GetParameters()
                .Select(parameter =>
                    parameter.ParameterType.IsInstanceOfType(images) ? images
                    : parameter.ParameterType == typeof(string) ? Layer
                    : parameter.HasDefaultValue ? parameter.DefaultValue
                    : throw new NotSupportedException($"{type.Name} needs a {parameter.ParameterType.Name}: give it one here.")
                ),
        ];
        return (Callback)constructor.Invoke(arguments);
    }

    private static ImageDataset Images() =>
        new(
            "noise",
            randint(0, 255, [16, 1, 16, 16], dtype: ScalarType.Byte),
            arange(16) % 10,
            [.. Enumerable.Range(0, 10).Select(i => $"{i}")]
        );
}
