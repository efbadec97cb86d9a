using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Recurrent;

/// <summary>The views count each step of sequences of several lengths that counts, and no other.</summary>
[Collection("Torch")]
public sealed class LengthViewTests
{
    private static readonly SequenceDataset Data = TinySequences.Create();

    public static TheoryData<RecurrentCell> Cells => [.. Enum.GetValues<RecurrentCell>()];

    [Theory]
    [MemberData(nameof(Cells))]
    public void EveryView_IsTheSameWhateverThePaddingHolds(RecurrentCell cell)
    {
        foreach (bool bidirectional in new[] { false, true })
        {
            using var model = Build(cell, bidirectional);
            var padded = TinySequences.Padded(Data, float.NaN);

            var (flow, same) = (GradientFlow.Measure(model, Data), GradientFlow.Measure(model, padded));
            Assert.Equal(flow.InputNorms, same.InputNorms);
            Assert.Equal(flow.StateNorms, same.StateNorms);
            Assert.Equal(PrefixAccuracy.Measure(model, Data).Accuracies, PrefixAccuracy.Measure(model, padded).Accuracies);
            Assert.Equal(ConfusionMatrix.Measure(model, Data).Accuracy, ConfusionMatrix.Measure(model, padded).Accuracy);
            var layers = new ActivationStatisticsOptions { Layers = ["rnn", "fc"] };
            Assert.Equal(
                ActivationStatistics.Measure(model, Data, layers).Layers.Select(Numbers),
                ActivationStatistics.Measure(model, padded, layers).Layers.Select(Numbers)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void GradientFlow_IsTheMeanOverTheSequencesThatHaveTheStep(RecurrentCell cell)
    {
        using var model = Build(cell, bidirectional: false);
        var alone = Enumerable.Range(0, Data.Count).Select(i => GradientFlow.Measure(model, OneByOne(i))).ToList();

        var flow = GradientFlow.Measure(model, Data, new GradientFlowOptions { BatchSize = 3 });

        Assert.Equal(7, flow.InputNorms.Count);
        for (int step = 0; step < 7; step++)
        {
            var having = alone.Where(one => one.InputNorms.Count > step).ToList();
            Assert.Equal(having.Average(one => one.InputNorms[step]), flow.InputNorms[step], 1e-5);
            Assert.Equal(having.Average(one => one.StateNorms[step]), flow.StateNorms[step], 1e-5);
        }
    }

    [Fact]
    public void PrefixAccuracy_SeesAllOfAShorterSequence()
    {
        using var model = Build(RecurrentCell.Gru, bidirectional: false);
        var alone = Enumerable.Range(0, Data.Count).Select(i => PrefixAccuracy.Measure(model, OneByOne(i))).ToList();

        var prefix = PrefixAccuracy.Measure(model, Data, new PrefixAccuracyOptions { BatchSize = 3 });

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], prefix.Steps);
        for (int step = 0; step < 7; step++)
        {
            Assert.Equal(alone.Average(one => one.Accuracies[Math.Min(step, one.Accuracies.Count - 1)]), prefix.Accuracies[step]);
        }
    }

    [Fact]
    public void ActivationStatistics_CountTheStepsThatCount()
    {
        using var model = Build(RecurrentCell.Lstm, bidirectional: false);
        var options = new ActivationStatisticsOptions { Layers = ["rnn", "fc"] };
        var layers = ActivationStatistics.Measure(model, Data, options).Layers;
        Assert.Equal(TinySequences.Lengths.Sum(), layers[0].Channels[0].Count);
        Assert.Equal(TinySequences.Lengths.Length, layers[1].Channels[0].Count);
        double alone = Enumerable
            .Range(0, Data.Count)
            .Sum(i => ActivationStatistics.Measure(model, OneByOne(i), options).Layers[0].Channels[2].Mean * Data.GetLength(i));
        Assert.Equal(alone / TinySequences.Lengths.Sum(), layers[0].Channels[2].Mean, 1e-5);
    }

    [Fact]
    public void UsersRecurrentModel_ThatUnrollsOneLengthAlone_IsRefusedInOneSentence()
    {
        using var model = new OneLength();
        var error = Assert.Throws<NotSupportedException>(() => GradientFlow.Measure(model, Data));
        Assert.Contains("OneLength does not unroll sequences of several lengths", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layer_WhosePaddingCannotBeKnown_IsRefusedInOneSentence()
    {
        using var model = new Folded();
        var options = new ActivationStatisticsOptions { Layers = ["fc"] };
        var error = Assert.Throws<InvalidOperationException>(() => ActivationStatistics.Measure(model, Data, options));
        Assert.Contains("the layer 'fc' gives [49, 2] for inputs [7, 7, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invariance_OfDataWithLengths_IsRefusedInOneSentence()
    {
        using var model = Build(RecurrentCell.Rnn, bidirectional: false);
        var error = Assert.Throws<ShapeMismatchException>(() => InvarianceCurves.Measure(model, Data));
        Assert.Contains("but the data has lengths", error.Message, StringComparison.Ordinal);
    }

    private static RecurrentClassifier Build(RecurrentCell cell, bool bidirectional) =>
        SequenceModels.Build(
            cell,
            new RecurrentOptions
            {
                InputSize = TinySequences.Features,
                HiddenSize = 4,
                ClassCount = 2,
                Bidirectional = bidirectional,
                LayerCount = 2,
                Seed = 1,
            }
        );

    private static string Numbers(LayerStatistics layer) =>
        string.Join(' ', layer.Channels.Select(channel => $"{channel.Count} {channel.Mean:r} {channel.StandardDeviation:r}"));

    /// <summary>One sequence as a source of its own, without lengths.</summary>
    private static IBatchSource OneByOne(int index) =>
        SequenceDataset.From(
            [Data.GetSequence(index)],
            Data.GetLabels(index),
            new SequenceDatasetOptions { ClassNames = ["low", "high"] }
        );

    /// <summary>A model that takes lengths, but whose steps stand in one dimension with the batch.</summary>
    private sealed class Folded : nn.Module<Tensor, Tensor>, ISequenceModel
    {
#pragma warning disable IDE1006 // the name in checkpoints
        private readonly Linear fc = nn.Linear(TinySequences.Features, 2);
#pragma warning restore IDE1006

        public Folded()
            : base(nameof(Folded)) => RegisterComponents();

        public override Tensor forward(Tensor input) =>
            fc.call(input.flatten(0, 1)).reshape(input.size(0), input.size(1), 2).mean([1]);

        public Tensor forward(Tensor input, Tensor lengths) => forward(input);
    }

    private sealed class OneLength : nn.Module<Tensor, Tensor>, IRecurrentModel
    {
        public OneLength()
            : base(nameof(OneLength)) { }

        public string CellName => "one";

        public override Tensor forward(Tensor input) => input.mean([1]);

        public UnrolledNetwork Unroll(Tensor sequence) => throw new InvalidOperationException("of one length");
    }
}
