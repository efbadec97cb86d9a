using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>The lengths of a batch reach the model wherever the trainer calls it, and padding has no influence.</summary>
[Collection("Torch")]
public sealed class LengthsTests
{
    private static readonly RecurrentOptions Small = new()
    {
        InputSize = TinySequences.Features,
        HiddenSize = 6,
        ClassCount = 2,
        Seed = 3,
    };

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 3,
        EvaluationBatchSize = 4,
        Seed = 1,
        Device = "cpu",
    };

    public static TheoryData<RecurrentCell, SequenceReadout, bool> Kinds
    {
        get
        {
            var kinds = new TheoryData<RecurrentCell, SequenceReadout, bool>();
            foreach (var cell in Enum.GetValues<RecurrentCell>())
            {
                kinds.Add(cell, SequenceReadout.Last, true);
                kinds.Add(cell, SequenceReadout.Mean, false);
                kinds.Add(cell, SequenceReadout.Max, true);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Padding_ChangesNoBitOfWeightsLossAndMetrics(RecurrentCell cell, SequenceReadout readout, bool bidirectional)
    {
        var data = TinySequences.Create();
        foreach (int accumulated in new[] { 1, 2 })
        {
            var options = Small with { Readout = readout, Bidirectional = bidirectional };
            using var zeros = SequenceModels.Build(cell, options);
            using var other = SequenceModels.Build(cell, options);
            using var undefined = SequenceModels.Build(cell, options);
            var trainer = new Trainer(Options with { GradientAccumulationSteps = accumulated });

            var expected = trainer.Fit(zeros, data, data);
            foreach (var (model, padding) in new[] { (other, 1e6f), (undefined, float.NaN) })
            {
                var padded = TinySequences.Padded(data, padding);
                var history = trainer.Fit(model, padded, padded);
                Assert.Equal(expected.Epochs.Select(epoch => epoch.TrainLoss), history.Epochs.Select(epoch => epoch.TrainLoss));
                Assert.Equal(
                    expected.Epochs.Select(epoch => epoch["test_loss"]),
                    history.Epochs.Select(epoch => epoch["test_loss"])
                );
                Assert.Equal(
                    expected.Epochs.Select(epoch => epoch["test_accuracy"]),
                    history.Epochs.Select(epoch => epoch["test_accuracy"])
                );
                AssertSameWeights(zeros, model);
            }
        }
    }

    [Theory]
    [InlineData(RecurrentCell.Rnn)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void Predict_GivesWhatEachSequenceGivesAlone(RecurrentCell cell)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Build(cell, Small);
        var data = TinySequences.Create();
        var trainer = new Trainer(Options);

        var together = trainer.Predict(model, data);
        var batches = cat([.. trainer.PredictBatches(model, data)]);

        model.eval();
        for (int i = 0; i < data.Count; i++)
        {
            var alone = model.call(tensor(data.GetSequence(i)).unsqueeze(0));
            TensorAssert.Close(alone[0], together[i], 1e-5, $"sequence {i}");
        }

        TensorAssert.Identical(together, batches, "batch by batch");
    }

    [Fact]
    public void Evaluate_IsTheMeanOverTheSequencesAlone()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Gru(Small);
        var data = TinySequences.Create();
        double together = new Trainer(Options).Evaluate(model, data).Metrics["loss"];
        double alone = Enumerable
            .Range(0, data.Count)
            .Average(i => new Trainer(Options).Evaluate(model, data.Subset([i])).Metrics["loss"]);
        Assert.Equal(alone, together, 1e-5);
    }

    [Fact]
    public void OverfitOneBatchAndRangeTest_TakeLengths_AndPaddingChangesNothing()
    {
        using var model = SequenceModels.Lstm(Small);
        var data = TinySequences.Create();
        var padded = TinySequences.Padded(data, 1e6f);
        var trainer = new Trainer(Options);

        var overfit = trainer.OverfitOneBatch(model, data, steps: 5);
        Assert.Equal(overfit.Losses, trainer.OverfitOneBatch(model, padded, steps: 5).Losses);
        Assert.True(overfit.Losses[^1] < overfit.Losses[0]);
        var range = trainer.LearningRateRangeTest(model, data, steps: 5);
        Assert.Equal(range.Losses, trainer.LearningRateRangeTest(model, padded, steps: 5).Losses);
    }

    [Fact]
    public void LengthsOfAllSteps_GiveWhatNoLengthsGive()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Gru(Small);
        var (inputs, labels) = (randn([5, 4, 3], generator: new Generator(1)), arange(5).remainder(2));
        Batch[] with = [new Batch(inputs, labels, tensor(new long[] { 4, 4, 4, 4, 4 }))];
        Batch[] without = [new Batch(inputs, labels)];
        var trainer = new Trainer(Options);
        TensorAssert.Close(
            trainer.Predict(model, BatchSource.From("without", without)),
            trainer.Predict(model, BatchSource.From("with", with)),
            1e-6,
            "outputs"
        );
    }

    [Fact]
    public void ModelThatTakesNoLengths_IsRefusedInOneSentence_EverywhereTheTrainerCallsIt()
    {
        using var model = new Flat();
        var data = TinySequences.Create();
        var trainer = new Trainer(Options);
        foreach (
            var call in new Action[]
            {
                () => trainer.Fit(model, data),
                () => trainer.Evaluate(model, data),
                () => trainer.Predict(model, data),
                () => trainer.PredictBatches(model, data).First(),
                () => trainer.OverfitOneBatch(model, data, steps: 1),
                () => trainer.LearningRateRangeTest(model, data, steps: 3),
            }
        )
        {
            var error = Assert.Throws<ArgumentException>(call);
            Assert.Contains("takes no lengths. Let it implement ISequenceModel", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void HooksOfTheModelItself_AreRefused_SinceTheyWouldNotRun()
    {
        using var model = SequenceModels.Rnn(Small);
        var data = TinySequences.Create();
        model.register_forward_hook((_, _, output) => output);
        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(Options).Evaluate(model, data));
        Assert.Contains("has hooks of its own", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StepEnd_SeesTheBatchWithItsLengths_AlsoWhereGradientsAreAccumulated()
    {
        var data = TinySequences.Create();
        foreach (int accumulated in new[] { 1, 3 })
        {
            using var model = SequenceModels.Rnn(Small);
            var seen = new SeenLengths();
            new Trainer(Options with { GradientAccumulationSteps = accumulated, Shuffle = false, Epochs = 1 })
            {
                Callbacks = { seen },
            }.Fit(model, data);
            long[] expected = accumulated == 1 ? [4, 7, 1] : [3];
            Assert.Equal(expected, seen.First);
        }
    }

    [Fact]
    public void Training_LeavesNoTensorBehind()
    {
        using var model = SequenceModels.Gru(Small);
        var data = TinySequences.Create();
        long Live(int epochs)
        {
            new Trainer(Options with { Epochs = epochs }).Fit(model, data, data);
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Assert.Equal(Live(1), Live(5));
    }

    [Theory]
    [InlineData(new long[] { 1, 2 }, "must be 3 whole numbers of shape [3], one a sequence, but are Int64 of shape [2]")]
    [InlineData(new long[] { 1, 2, 6 }, "must be from 1 to 5, the steps of its inputs of shape [3, 5, 2], but one is 6")]
    [InlineData(new long[] { 1, 0, 2 }, "but one is 0")]
    public void Batch_RefusesLengthsThatDoNotFit(long[] lengths, string message)
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => new Batch(zeros(3, 5, 2), zeros(3), tensor(lengths)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchLengths_AreInt64OnTheCpu_AndSurviveEverySource()
    {
        using var scope = NewDisposeScope();
        var batch = new Batch(zeros(2, 5, 2), zeros(2), tensor([1, 5])); // int32
        Assert.Equal((ScalarType.Int64, DeviceType.CPU), (batch.Lengths!.dtype, batch.Lengths.device_type));
        var read = BatchSource.From("one", [batch]).Read(new BatchRequest { BatchSize = 2 }).Single();
        Assert.Equal([1, 5], read.Lengths!.data<long>().ToArray());
        Assert.Null(new Batch(zeros(2, 5, 2), zeros(2)).Lengths);
    }

    internal static void AssertSameWeights(nn.Module expected, nn.Module actual) =>
        Assert.All(
            expected.named_parameters().Zip(actual.named_parameters()),
            pair => TensorAssert.Identical(pair.First.parameter, pair.Second.parameter, pair.First.name)
        );

    private sealed class SeenLengths : Callback
    {
        public long[]? First { get; private set; }

        public override void OnStepEnd(StepEndEvent e) => First ??= e.Batch.Lengths?.data<long>().ToArray();
    }

    private sealed class Flat : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006 // the name in checkpoints
        private readonly Linear fc = nn.Linear(TinySequences.Features, 2);
#pragma warning restore IDE1006

        public Flat()
            : base(nameof(Flat)) => RegisterComponents();

        public override Tensor forward(Tensor input) => fc.call(input).mean([1]);
    }
}
