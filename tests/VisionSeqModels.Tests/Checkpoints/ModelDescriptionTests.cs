using VisionSeqModels.Data;
using VisionSeqModels.Tests.Errors;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>What a description takes from model and data, and which parts of it must fit each other.</summary>
[Collection("Torch")]
public sealed class ModelDescriptionTests
{
    private static readonly ModelDescription Plain = new() { Architecture = "lenet" };

    public static TheoryData<string> Sound => [.. SoundOnes.Keys];

    public static TheoryData<string> Unsound => [.. UnsoundOnes.Keys];

    private static Dictionary<string, ModelDescription> SoundOnes { get; } =
        new()
        {
            ["nothing"] = Plain,
            ["one name"] = Plain with { ClassNames = ["a"], FeatureNames = ["b"] },
            ["a normalisation alone"] = Plain with { Normalization = Images(3) },
            ["a normalisation of a shape"] = Plain with { ImageShape = [2, 1, 1], Normalization = Images(2) },
            ["features alone"] = Plain with { Features = Features(3) },
            ["features with names"] = Plain with { Features = Features(2), FeatureNames = ["a", "b"] },
            ["targets"] = Plain with { Targets = Features(2) },
            ["a preparation"] = Plain with { Preparation = new(), ImageShape = [3, 64, 64] },
            ["a preparation alone"] = Plain with { Preparation = new() },
            ["the largest image"] = Plain with { ImageShape = [1 << 8, 1 << 10, 1 << 10] },
        };

    private static Dictionary<string, (ModelDescription Description, string Says)> UnsoundOnes { get; } =
        new()
        {
            ["no architecture"] = (Plain with { Architecture = " " }, "Architecture must be the name of a builder"),
            ["no version"] = (Plain with { LibraryVersion = null! }, "LibraryVersion must be a text, but is null."),
            ["no class names"] = (Plain with { ClassNames = [] }, "without null in it, but is empty."),
            ["a null name"] = (Plain with { FeatureNames = ["a", null!] }, "without null in it, but is one with null in it."),
            ["two sides"] = (Plain with { ImageShape = [28, 28] }, "but is 28, 28."),
            ["a side of 0"] = (Plain with { ImageShape = [1, 0, 28] }, "but is 1, 0, 28."),
            ["too many values"] = (Plain with { ImageShape = [1, 16385, 16384] }, "a product of at most 268435456"),
            ["channels"] = (Plain with { ImageShape = [3, 2, 2], Normalization = Images(1) }, "each of the 3 channels"),
            ["no mean"] = (Plain with { Normalization = Images(1) with { Mean = null! } }, "each of the 1 channels"),
            ["deviations"] = (Plain with { Normalization = Images(2) with { StandardDeviation = [1] } }, "Normalization."),
            ["preparation"] = (Plain with { Preparation = new(), ImageShape = [3, 64, 63] }, "width 3, 64, 63, but is 3, 64, 64"),
            ["features"] = (Plain with { FeatureNames = ["a", "b"], Features = Features(3) }, "each of the 2 features"),
            ["no means"] = (Plain with { Features = Features(1) with { Mean = null! } }, "each of the 1 features"),
            ["feature deviations"] = (Plain with { Features = Features(3) with { StandardDeviation = [1] } }, "Features."),
            ["target deviations"] = (Plain with { Targets = Features(2) with { StandardDeviation = [1] } }, "Targets."),
            ["no target means"] = (Plain with { Targets = Features(1) with { Mean = null! } }, "Targets."),
        };

    [Theory]
    [MemberData(nameof(Sound))]
    public void PartsThatFit_HaveNoFault(string name) => Assert.Empty(SoundOnes[name].Check().All);

    [Theory]
    [MemberData(nameof(Unsound))]
    public void PartThatDoesNotFit_IsOneFault(string name) =>
        Assert.Contains(UnsoundOnes[name].Says, UnsoundOnes[name].Description.Check().All[0], StringComparison.Ordinal);

    [Fact]
    public void Description_HasWhatModelAndDataSay()
    {
        using var scope = NewDisposeScope();
        using var data = DataErrors.Images(4);
        using var model = VisionModels.LeNet(new LeNetOptions());
        var alone = ModelDescription.Of(model);
        Assert.Equal("lenet", alone.Architecture);
        Assert.Equal((null, null, null, null), (alone.ClassNames, alone.ImageShape, alone.Normalization, alone.FeatureNames));
        var described = ModelDescription.Of(model, data);
        Assert.Equal([data.Channels, data.Height, data.Width], described.ImageShape!);
        Assert.Equal(data.ClassNames, described.ClassNames);
        Assert.Equal(data.Normalization, described.Normalization);
        Assert.Equal("model", Assert.Throws<ArgumentNullException>(() => ModelDescription.Of(null!)).ParamName);
    }

    [Fact]
    public void ClassNames_AreThoseOfTheImages_ElseOfTheSequences()
    {
        using var model = TinyModel.Create();
        var sequences = TinySequences.Create(options: new SequenceDatasetOptions { ClassNames = ["down", "up"] });
        Assert.Equal(["down", "up"], ModelDescription.Of(model, sequences).ClassNames!);
        Assert.Equal(["image"], ModelDescription.Of(model, new Both()).ClassNames!);
    }

    private static ImageNormalization Images(int channels) =>
        new() { Mean = [.. Enumerable.Repeat(0.5, channels)], StandardDeviation = [.. Enumerable.Repeat(2.0, channels)] };

    private static FeatureNormalization Features(int count) =>
        new() { Mean = [.. Enumerable.Repeat(0.5, count)], StandardDeviation = [.. Enumerable.Repeat(2.0, count)] };

    /// <summary>Rows of images as the steps of sequences, with names of its own for each.</summary>
    private sealed class Both : IImageSource, ISequenceSource
    {
        public string Name => "both";

        public long? SampleCount => 0;

        public int Count => 0;

        public int Channels => 1;

        public int Height => 2;

        public int Width => 2;

        public IReadOnlyList<string> FeatureNames => ["x", "y"];

        public FeatureNormalization? TargetNormalization => null;

        IReadOnlyList<string> IImageSource.ClassNames => ["image"];

        IReadOnlyList<string> ISequenceSource.ClassNames => ["sequence"];

        ImageNormalization? IImageSource.Normalization => null;

        FeatureNormalization? ISequenceSource.Normalization => null;

        public int GetLabel(long index) => throw new ArgumentOutOfRangeException(nameof(index));

        public Tensor GetPixels(long index) => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerable<Batch> Read(BatchRequest request) => [];
    }
}
