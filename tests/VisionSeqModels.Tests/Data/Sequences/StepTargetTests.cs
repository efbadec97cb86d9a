namespace VisionSeqModels.Tests.Data.Sequences;

/// <summary>Targets at each step are trained on, and what stands after a sequence's end does not count.</summary>
[Collection("Torch")]
public sealed class StepTargetTests
{
    private static readonly float[][,] Sequences = TinySequences.Arrays(TinySequences.Lengths);

    private static readonly Trainer Trainer = new(
        new TrainerOptions
        {
            Epochs = 2,
            BatchSize = 3,
            Seed = 1,
            Device = "cpu",
        }
    );

    [Fact]
    public void Classes_AtEachStep_CountWhereTheStepsDo()
    {
        int[][] labels = [.. Sequences.Select(rows => Column(rows, 0).Select(value => value > 0 ? 1 : 0).ToArray())];
        Check(SequenceDataset.From(Sequences, labels));
    }

    [Fact]
    public void Values_AtEachStep_CountWhereTheStepsDo() =>
        Check(SequenceDataset.From(Sequences, TinySequences.Arrays(TinySequences.Lengths, features: 2, seed: 9)));

    private static void Check(SequenceDataset data)
    {
        var options = RecurrentOptions.For(new SequenceDatasets(data, data)) with { HiddenSize = 5, Seed = 2 };
        Assert.Equal(SequenceReadout.EachStep, options.Readout);
        using var model = SequenceModels.Gru(options);
        using var other = SequenceModels.Gru(options);
        var padded = TinySequences.Padded(data, float.NaN);

        var history = Trainer.Fit(model, data, data);
        Assert.Equal(
            history.Epochs.Select(epoch => epoch.TrainLoss),
            Trainer.Fit(other, padded).Epochs.Select(epoch => epoch.TrainLoss)
        );
        Training.LengthsTests.AssertSameWeights(model, other);

        double together = Trainer.Evaluate(model, data).Metrics["loss"];
        double alone = Enumerable
            .Range(0, data.Count)
            .Sum(i => Trainer.Evaluate(model, data.Subset([i])).Metrics["loss"] * data.GetLength(i));
        Assert.Equal(alone / TinySequences.Lengths.Sum(), together, 1e-5);
    }

    private static IEnumerable<float> Column(float[,] rows, int column) =>
        Enumerable.Range(0, rows.GetLength(0)).Select(i => rows[i, column]);
}
