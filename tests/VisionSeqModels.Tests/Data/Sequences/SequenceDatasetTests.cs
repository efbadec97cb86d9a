using TorchSharp;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Sequences;

[Collection("Torch")]
public sealed class SequenceDatasetTests
{
    private static readonly BatchRequest InOrder = new() { BatchSize = 3 };

    [Fact]
    public void Batches_ArePaddedWithZerosToTheirLongest_AndHaveTheirLengths()
    {
        using var scope = NewDisposeScope();
        var data = TinySequences.Create();
        var batches = data.Read(InOrder).ToList();

        Assert.Equal([7, 7, 3], batches.Select(batch => batch.Inputs.size(1)));
        Assert.Equal(TinySequences.Lengths.Select(length => (long)length), batches.SelectMany(batch => Lengths(batch)));
        int index = 0;
        foreach (var batch in batches)
        {
            Assert.Equal((ScalarType.Float32, ScalarType.Int64), (batch.Inputs.dtype, batch.Targets.dtype));
            for (int i = 0; i < batch.Count; i++, index++)
            {
                int length = data.GetLength(index);
                TensorAssert.Identical(tensor(data.GetSequence(index)), batch.Inputs[i][..length], "the sequence");
                Assert.Equal(0, batch.Inputs[i][length..].abs().sum().ToSingle());
                Assert.Equal(data.GetLabels(index)[0], batch.Targets[i].ToInt64());
            }
        }
    }

    [Fact]
    public void SequencesOfOneLength_HaveNoLengths()
    {
        using var scope = NewDisposeScope();
        var data = SequenceDataset.From(TinySequences.Arrays([4, 4]), new[] { 0, 1 });
        Assert.All(data.Read(InOrder), batch => Assert.Null(batch.Lengths));
    }

    [Fact]
    public void Targets_OfEveryKind_HaveTheirShapes()
    {
        using var scope = NewDisposeScope();
        float[][,] sequences = TinySequences.Arrays([2, 3]);
        Tensor Targets(SequenceDataset data) => data.Read(InOrder).Single().Targets;

        Assert.Equal([1, 0], Targets(SequenceDataset.From(sequences, new[] { 1, 0 })).data<long>().ToArray());
        Assert.Equal([2, 1], Targets(SequenceDataset.From(sequences, new[] { 0.5f, 1.5f })).shape);
        Assert.Equal(
            [2, 3],
            Targets(
                SequenceDataset.From(
                    sequences,
                    new float[,]
                    {
                        { 1, 2, 3 },
                        { 4, 5, 6 },
                    }
                )
            ).shape
        );
        int[][] stepLabels =
        [
            [1, 0],
            [0, 1, 1],
        ];
        Assert.Equal(
            [1, 0, SequenceDataset.IgnoredLabel, 0, 1, 1],
            Targets(SequenceDataset.From(sequences, stepLabels)).flatten().data<long>().ToArray()
        );
        float[][,] stepValues = TinySequences.Arrays([2, 3], features: 2);
        var values = Targets(SequenceDataset.From(sequences, stepValues));
        Assert.Equal([2, 3, 2], values.shape);
        Assert.Equal(2, values.isnan().sum().ToInt64()); // the numbers of the step after the end
        Assert.True(values[0, 2].isnan().all().ToBoolean());
    }

    [Fact]
    public void Normalization_IsOfEachFeature_AndTargetsComeBack()
    {
        using var scope = NewDisposeScope();
        var options = new SequenceDatasetOptions
        {
            Normalization = new FeatureNormalization { Mean = [1, 2], StandardDeviation = [2, 4] },
            TargetNormalization = new FeatureNormalization { Mean = [10], StandardDeviation = [5] },
        };
        float[][,] sequences =
        [
            new float[,]
            {
                { 1, 2 },
                { 3, 6 },
            },
        ];
        var data = SequenceDataset.From(sequences, [20f], options);
        var batch = data.Read(InOrder).Single();

        Assert.Equal([0, 0, 1, 1], batch.Inputs.data<float>().ToArray());
        Assert.Equal(2, batch.Targets.item<float>());
        Assert.Equal(20, data.DenormalizeTargets(batch.Targets).item<float>());
        Assert.Equal([20f], data.GetValues(0));
        Assert.Equal(6, data.GetSequence(0)[1, 1]); // as it was given
    }

    [Fact]
    public void Shuffled_IsAFunctionOfSeedAndEpoch_WithAndWithoutBucketing()
    {
        foreach (bool bucketing in new[] { false, true })
        {
            var data = TinySequences.Create(100, options: new SequenceDatasetOptions { Bucketing = bucketing });
            var request = new BatchRequest
            {
                BatchSize = 8,
                Shuffle = true,
                Seed = 3,
            };
            string order = Order(data, request);
            Assert.Equal(order, Order(data, request));
            Assert.NotEqual(order, Order(data, request with { Epoch = 2 }));
            Assert.NotEqual(order, Order(data, request with { Seed = 4 }));
            Assert.Equal(
                Enumerable.Range(0, 100).Select(i => Key(data.GetSequence(i))).Order(StringComparer.Ordinal),
                order.Split('\n').Order(StringComparer.Ordinal)
            ); // each once
            string rest = Order(data, request with { SkipBatches = 5 });
            Assert.EndsWith(rest, order, StringComparison.Ordinal); // a resumed epoch
            Assert.Equal(60, rest.Split('\n').Length);
            Assert.Equal(96, Order(data, request with { DropLast = true }).Split('\n').Length);
        }
    }

    [Fact]
    public void Bucketing_LeavesLessPadding_AndKeepsTheStoredOrderWithoutShuffling()
    {
        long Padding(SequenceDataset data)
        {
            using var scope = NewDisposeScope();
            var request = new BatchRequest { BatchSize = 8, Shuffle = true };
            return data.Read(request).Sum(batch => (batch.Count * batch.Inputs.size(1)) - Lengths(batch).Sum());
        }

        var plain = TinySequences.Create(256);
        var bucketed = TinySequences.Create(256, options: new SequenceDatasetOptions { Bucketing = true });
        Assert.True(Padding(bucketed) * 4 < Padding(plain), $"{Padding(bucketed)} and {Padding(plain)} steps of padding");
        Assert.Equal(Order(plain, InOrder), Order(bucketed, InOrder));
    }

    [Fact]
    public void BucketedRun_StoppedWithinAnEpochAndResumed_IsTheRunInOnePiece()
    {
        var data = TinySequences.Create(30, options: new SequenceDatasetOptions { Bucketing = true });
        using var folder = new TempFolder();
        var options = new TrainerOptions
        {
            Epochs = 2,
            BatchSize = 4,
            Seed = 5,
            Device = "cpu",
        };
        nn.Module<Tensor, Tensor> Build() =>
            SequenceModels.Gru(
                new RecurrentOptions
                {
                    InputSize = TinySequences.Features,
                    HiddenSize = 5,
                    ClassCount = 2,
                    Seed = 2,
                }
            );
        using var whole = Build();
        new Trainer(options).Fit(whole, data);
        using (var stopped = Build())
        {
            using var stop = new CancellationTokenSource();
            new Trainer(options with { RunDirectory = folder["run"] }) { Callbacks = { new StopAt(3, stop) } }.Fit(
                stopped,
                data,
                cancellationToken: stop.Token
            );
        }

        using var resumed = Build();
        new Trainer(options).Resume(folder["run"], resumed, data);
        Training.LengthsTests.AssertSameWeights(whole, resumed);
    }

    [Fact]
    public void Split_KeepsTheFractionOfEachClass_AndGroupsWhole()
    {
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i < 30 ? 0 : 1)];
        var data = SequenceDataset.From(TinySequences.Arrays([.. Enumerable.Repeat(2, 40)]), labels);
        var (train, validation) = data.Split(0.2, seed: 1);
        Assert.Equal((32, 8), (train.Count, validation.Count));
        Assert.Equal(2, Enumerable.Range(0, 8).Sum(i => validation.GetLabels(i)[0]));
        Assert.Equal(Order(validation, InOrder), Order(data.Split(0.2, seed: 1).Validation, InOrder));

        var grouped = data.Split(0.25, seed: 2, group: i => i / 5);
        var sides = Enumerable.Range(0, 40).ToLookup(i => i / 5, i => Contains(grouped.Validation, data.GetSequence(i)));
        Assert.All(sides, group => Assert.Single(group.Distinct()));
        Assert.Equal(10, grouped.Validation.Count);
    }

    [Fact]
    public void Folds_HoldOutEachSequenceOnce_AndGroupsWhole()
    {
        var data = TinySequences.Create(24);
        foreach (Func<long, long>? group in new Func<long, long>?[] { null, i => i / 4 })
        {
            var folds = data.Folds(3, seed: 1, group: group);
            Assert.Equal(24, folds.Sum(fold => fold.HeldOut.Count));
            Assert.All(folds, fold => Assert.Equal(24, fold.Train.Count + fold.HeldOut.Count));
            for (int i = 0; i < 24; i++)
            {
                Assert.Single(folds, fold => Contains(fold.HeldOut, data.GetSequence(i)));
            }
        }

        Assert.Throws<ArgumentException>(() => data.Folds(25));
    }

    [Fact]
    public void ValidationSplit_CutsSequences()
    {
        using var model = SequenceModels.Rnn(new RecurrentOptions { InputSize = TinySequences.Features, ClassCount = 2 });
        var options = new TrainerOptions
        {
            Epochs = 1,
            ValidationSplit = 0.25,
            Seed = 1,
            Device = "cpu",
        };
        var history = new Trainer(options).Fit(model, TinySequences.Create(28));
        Assert.NotNull(history.Epochs[0]["val_loss"]);
    }

    [Fact]
    public void EveryFault_IsInOneMessage()
    {
        var error = Assert.Throws<InvalidOptionsException>(() =>
            SequenceDataset.From(
                [
                    new float[,]
                    {
                        { 1, float.NaN },
                    },
                    new float[0, 2],
                ],
                new[] { 0, -1, 2 },
                new SequenceDatasetOptions
                {
                    Name = "",
                    FeatureNames = ["x"],
                    ClassNames = ["a", "b"],
                }
            )
        );
        Assert.Equal(
            [
                "targets must be 2, one a sequence, but is 3.",
                "Name must be a text, but is .",
                "FeatureNames must be null or 2 different names, one a feature, but is x.",
                "sequences must be finite, but sequences[0][0, 1] is NaN. Fill what is missing, or leave the sequence out.",
            ],
            error.Faults
        );
    }

    [Fact]
    public void BadTargets_AreNamed()
    {
        float[][,] two = TinySequences.Arrays([2, 3]);
        void Refused(string message, Action make) =>
            Assert.Contains(message, Assert.Throws<InvalidOptionsException>(make).Message, StringComparison.Ordinal);

        Refused("labels must be from 0 to 1, but sequences[1] has -1", () => SequenceDataset.From(two, new[] { 1, -1 }));
        Refused("which has 3, are 2", () => SequenceDataset.From(two, new int[][] { [0, 1], [0, 1] }));
        Refused("values must be finite", () => SequenceDataset.From(two, new[] { 1, float.PositiveInfinity }));
        Refused("sequences[1] has none", () => SequenceDataset.From([two[0], new float[0, 3]], new[] { 0, 1 }));
        Refused("sequences[1] has 2", () => SequenceDataset.From([two[0], new float[1, 2]], new[] { 0, 1 }));
        Refused("sequences must be at least one, but is 0", () => SequenceDataset.From([], Array.Empty<int>()));
    }

    private static long[] Lengths(Batch batch) =>
        batch.Lengths?.data<long>().ToArray() ?? [.. Enumerable.Repeat(batch.Inputs.size(1), batch.Count)];

    private static bool Contains(SequenceDataset data, float[,] sequence) =>
        Enumerable.Range(0, data.Count).Any(i => Key(data.GetSequence(i)) == Key(sequence));

    private static string Key(float[,] sequence) => string.Join(' ', sequence.Cast<float>());

    /// <summary>The sequences in the order in which they are read, a line each.</summary>
    private static string Order(SequenceDataset data, BatchRequest request)
    {
        using var scope = NewDisposeScope();
        return string.Join(
            '\n',
            data.Read(request)
                .SelectMany(batch =>
                    Enumerable
                        .Range(0, batch.Count)
                        .Select(i =>
                            string.Join(' ', batch.Inputs[i][..(int)Lengths(batch)[i]].contiguous().data<float>().ToArray())
                        )
                )
        );
    }

    private sealed class StopAt(long step, CancellationTokenSource stop) : Callback
    {
        public override void OnStepEnd(VisionSeqModels.Training.StepEndEvent e)
        {
            if (e.Context.Step == step)
            {
                stop.Cancel();
            }
        }
    }
}
