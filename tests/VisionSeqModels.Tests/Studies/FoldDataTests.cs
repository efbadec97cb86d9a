using VisionSeqModels.Data;
using VisionSeqModels.Studies;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies;

public sealed class FoldDataTests
{
    private static readonly StudyFolds Three = new()
    {
        Count = 3,
        Seed = 4,
        Stratified = true,
        Grouped = false,
    };

    [Fact]
    public void WithoutFolds_EachTrialHasAllData()
    {
        var data = new FitData { Train = new Labels("mine", 0, 1) };
        var folds = new FoldData(data, null);
        Assert.Same(data, folds.Of(new TrialKey("a", 1, null)));
        Assert.Same(data, folds.Of(new TrialKey("a", 1, 1)));
        Assert.Null(folds.HashOf(1));
        Assert.Same(data, new FoldData(data, Three).Of(new TrialKey("a", 1, null)));
    }

    [Fact]
    public void Fold_IsTheTestData_AndTheOthersTheTrainingData()
    {
        var folds = new FoldData(new FitData { Train = new Labels("mine", 0, 0, 0, 1, 1, 1) }, Three);
        var held = new List<long>();
        for (int fold = 1; fold <= 3; fold++)
        {
            var data = folds.Of(new TrialKey("a", 1, fold));
            var (train, test) = ((ImageSubset)data.Train, (ImageSubset)data.Test!);
            Assert.Equal((4, 2, null), (train.Count, test.Count, data.Validation));
            Assert.Equal([0, 1], new[] { test.GetLabel(0), test.GetLabel(1) }.Order());
            held.AddRange(Held(folds, 1, fold));
        }

        Assert.Equal([0L, 1, 2, 3, 4, 5], held.Order());
    }

    [Fact]
    public void TestDataBesides_MakesTheFoldTheValidationData()
    {
        var test = new Labels("test", 0);
        var folds = new FoldData(new FitData { Train = new Labels("mine", 0, 1, 0, 1), Test = test }, Three with { Count = 2 });
        var data = folds.Of(new TrialKey("a", 1, 2));
        Assert.Same(test, data.Test);
        Assert.Equal((2, 2), (((ImageSubset)data.Train).Count, ((ImageSubset)data.Validation!).Count));
    }

    [Fact]
    public void TrialsSeed_IsAddedToThePlans()
    {
        int[] labels = [.. Enumerable.Range(0, 30).Select(i => i % 2)];
        var folds = new FoldData(new FitData { Train = new Labels("mine", labels) }, Three);
        var other = new FoldData(new FitData { Train = new Labels("mine", labels) }, Three with { Seed = 5 });
        Assert.Equal(Held(folds, 2, 1), Held(other, 1, 1));
        Assert.NotEqual(Held(folds, 1, 1), Held(folds, 2, 1));
    }

    [Fact]
    public void Hash_IsOfDivisionAndLabels()
    {
        int[] labels = [.. Enumerable.Range(0, 30).Select(i => i % 2)];
        string Hash(StudyFolds folds, long seed, int[] of) =>
            new FoldData(new FitData { Train = new Labels("m", of) }, folds).HashOf(seed)!;
        string hash = Hash(Three, 1, labels);
        Assert.Matches("^[0-9a-f]{16}$", hash);
        Assert.Equal(hash, Hash(Three, 1, labels));
        Assert.NotEqual(hash, Hash(Three, 2, labels));
        Assert.NotEqual(hash, Hash(Three with { Count = 4 }, 1, labels));
        var free = Three with { Stratified = false };
        Assert.NotEqual(Hash(free, 1, labels), Hash(free, 1, [.. labels[..^1], 0])); // the same division, another label
    }

    [Fact]
    public void Sequences_AreDividedLikewise()
    {
        var folds = new FoldData(new FitData { Train = TinySequences.Create(12) }, Three);
        var data = folds.Of(new TrialKey("a", 1, 2));
        Assert.Equal((8, 4), (((SequenceDataset)data.Train).Count, ((SequenceDataset)data.Test!).Count));
        Assert.Matches("^[0-9a-f]{16}$", folds.HashOf(1));
    }

    [Fact]
    public void HashOfSequences_IsOfTheirLabelsToo_WhereTheyHaveSome()
    {
        float[][,] sequences = TinySequences.Arrays([2, 3, 1, 2]);
        string Hash(SequenceDataset data) =>
            new FoldData(new FitData { Train = data }, Three with { Stratified = false }).HashOf(1)!;
        string OfLabels(params int[] labels) => Hash(SequenceDataset.From(sequences, labels));
        string OfNumbers(params float[] numbers) => Hash(SequenceDataset.From(sequences, numbers));
        Assert.Equal(OfLabels(0, 1, 0, 1), OfLabels(0, 1, 0, 1));
        Assert.NotEqual(OfLabels(0, 1, 0, 1), OfLabels(0, 1, 1, 1));
        Assert.Matches("^[0-9a-f]{16}$", OfNumbers(0.5f, 1, 0, 1));
        Assert.Equal(OfNumbers(0.5f, 1, 0, 1), OfNumbers(7, 8, 9, 7));
    }

    [Fact]
    public void DataThatCannotBeDivided_IsRefused()
    {
        Assert.Equal(
            "Folds need an IImageSource or a SequenceDataset to divide, but the training data 'batches' is a Batches. Let it "
                + "implement IImageSource, or leave WithFolds out.",
            Assert.Throws<ArgumentException>(() => new FoldData(new FitData { Train = new Batches() }, Three)).Message
        );
        var both = new FitData { Train = new Labels("mine", 0, 1), Validation = new Labels("val", 0) };
        Assert.Equal(
            "The plan has folds, which hold out a part of the training data, and validation data is given besides. Leave "
                + "FitData.Validation null, or leave WithFolds out.",
            Assert.Throws<ArgumentException>(() => new FoldData(both, Three)).Message
        );
        Assert.Same(both, new FoldData(both, null).Of(new TrialKey("a", 1, null)));
    }

    /// <summary>The number of a sample is in its file's name.</summary>
    private static IEnumerable<long> Held(FoldData folds, long seed, int fold)
    {
        var part = (ImageSubset)folds.Of(new TrialKey("a", seed, fold)).Test!;
        return Enumerable
            .Range(0, part.Count)
            .Select(i => long.Parse(part.GetFileName(i)!, System.Globalization.CultureInfo.InvariantCulture));
    }

    private sealed class Batches : IBatchSource
    {
        public string Name => "batches";

        public long? SampleCount => null;

        public IEnumerable<Batch> Read(BatchRequest request) => [];
    }

    private sealed class Labels(string name, params int[] labels) : IImageSource
    {
        public string Name => name;

        public long? SampleCount => Count;

        public int Count => labels.Length;

        public int Channels => 1;

        public int Height => 2;

        public int Width => 2;

        public IReadOnlyList<string> ClassNames => ["a", "b"];

        public ImageNormalization? Normalization => null;

        public Tensor GetPixels(long index) => throw new NotSupportedException();

        public int GetLabel(long index) => labels[index];

        public string? GetFileName(long index) => index.ToString(System.Globalization.CultureInfo.InvariantCulture);

        public IEnumerable<Batch> Read(BatchRequest request) => [];
    }
}
