using TorchSharp;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Models;

[Collection("Torch")]
public sealed class RecurrentClassifierTests
{
    private static readonly RecurrentOptions Small = new()
    {
        InputSize = 6,
        HiddenSize = 5,
        ClassCount = 3,
        Seed = 1,
    };

    public static IEnumerable<object[]> Kinds =>
        from cell in Enum.GetValues<RecurrentCell>()
        from readout in Enum.GetValues<SequenceReadout>()
        from bidirectional in new[] { false, true }
        select new object[] { cell, readout, bidirectional };

    public static TheoryData<RecurrentCell> Cells => [.. Enum.GetValues<RecurrentCell>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SequencesOfSeveralLengths_GiveWhatEachGivesAlone(RecurrentCell cell, SequenceReadout readout, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Build(
            cell,
            Small with
            {
                Readout = readout,
                Bidirectional = bidirectional,
                LayerCount = 2,
            }
        );
        var batch = randn([4, 7, 6], generator: new Generator(1));
        long[] lengths = [3, 7, 1, 5]; // not in order

        var together = model.forward(batch, tensor(lengths));
        for (int i = 0; i < lengths.Length; i++)
        {
            var alone = model.call(batch.narrow(0, i, 1).narrow(1, 0, lengths[i]));
            var counted = readout == SequenceReadout.EachStep ? together[i].narrow(0, 0, lengths[i]) : together[i];
            TensorAssert.Close(alone[0], counted, 1e-6, $"sequence {i}");
        }

        batch[0, 4] = 1e6f; // after the end of sequence 0
        TensorAssert.Identical(together, model.forward(batch, tensor([3, 7, 1, 5])), "what stands after the end");
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void SequencesOfSeveralLengths_GiveTheGradientsThatEachGivesAlone(RecurrentCell cell)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Build(cell, Small);
        var batch = randn([3, 5, 6], generator: new Generator(1));
        long[] lengths = [2, 5, 4];
        model.forward(batch, tensor(lengths)).sum().backward();
        var together = model.parameters().Select(parameter => parameter.grad!.clone()).ToList();
        model.zero_grad();
        for (int i = 0; i < lengths.Length; i++)
        {
            model.call(batch.narrow(0, i, 1).narrow(1, 0, lengths[i])).sum().backward();
        }

        Assert.All(model.parameters().Zip(together), pair => TensorAssert.Close(pair.First.grad!, pair.Second, 1e-5, "gradient"));
    }

    [Fact]
    public void PaddingValue_MarksTheEnd_AndIsTheSameAsLengths()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Lstm(Small with { PaddingValue = -1 });
        var batch = randn([3, 5, 6], generator: new Generator(1));
        batch[0, 1] = -1; // within the sequence: counts
        foreach (var (row, length) in new[] { (0, 4), (1, 2) })
        {
            batch[row].narrow(0, length, 5 - length).fill_(-1);
        }

        TensorAssert.Identical(model.forward(batch, tensor([4, 2, 5])), model.call(batch), "scores");
        batch[2].fill_(-1);
        var error = Assert.Throws<ArgumentException>(() => model.call(batch));
        Assert.Contains(
            "Sequence 2 of the batch of shape [3, 5, 6] holds nothing but the PaddingValue -1",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Images_BecomeTheDocumentedSequences()
    {
        using var scope = NewDisposeScope();
        var images = arange(2 * 2 * 4 * 6).reshape(2, 2, 4, 6).to_type(ScalarType.Float32);
        float Of(ImageSequence kind, int features, int step, int feature) => new SequenceInput(
                new RecurrentOptions
                {
                    Sequence = kind,
                    InputSize = features,
                    PatchSize = 2,
                }
            ).Read(images)[1, step, feature].ToSingle();
        float Pixel(int channel, int y, int x) => images[1, channel, y, x].ToSingle();

        Assert.Equal(Pixel(1, 3, 2), Of(ImageSequence.Rows, 12, step: 3, feature: 6 + 2));
        Assert.Equal(Pixel(1, 3, 2), Of(ImageSequence.Columns, 8, step: 2, feature: 4 + 3));
        Assert.Equal(Pixel(1, 3, 2), Of(ImageSequence.Pixels, 2, step: (3 * 6) + 2, feature: 1));
        Assert.Equal(Pixel(1, 3, 2), Of(ImageSequence.Patches, 8, step: (1 * 3) + 1, feature: 4 + 2));
    }

    [Theory]
    [InlineData(new long[] { 2, 1, 28, 30 }, "makes sequences of shape [2, 28, 30]")]
    [InlineData(new long[] { 2, 3, 28, 28 }, "received [2, 3, 28, 28], which makes sequences of shape [2, 28, 84]")]
    [InlineData(new long[] { 2, 28, 27 }, "received [2, 28, 27]")]
    [InlineData(new long[] { 2, 0, 28 }, "received [2, 0, 28]")]
    [InlineData(new long[] { 28, 28 }, "received [28, 28]")]
    [InlineData(new long[] { 1, 2, 1, 28, 28 }, "received [1, 2, 1, 28, 28]")]
    public void InputThatDoesNotFit_IsRefusedWithBothShapes(long[] shape, string message)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Rnn();
        var error = Assert.Throws<ShapeMismatchException>(() => model.call(zeros(shape)));
        Assert.Contains("[batch, time, 28]", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PatchesThatDoNotDivideTheImage_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Rnn(
            new RecurrentOptions
            {
                Sequence = ImageSequence.Patches,
                PatchSize = 5,
                InputSize = 25,
            }
        );
        Assert.Contains(
            "5×5 pixels do not divide images of shape [2, 1, 28, 28]",
            Assert.Throws<ShapeMismatchException>(() => model.call(zeros(2, 1, 28, 28))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(new long[] { 1, 2 }, "must be 3 whole numbers of shape [3]")]
    [InlineData(new long[] { 1, 2, 6 }, "from 1 to 5, the steps of the input of shape [3, 5, 6], but one is 6")]
    [InlineData(new long[] { 1, 0, 2 }, "but one is 0")]
    public void LengthsThatDoNotFit_AreRefused(long[] lengths, string message)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Gru(Small);
        Assert.Contains(
            message,
            Assert.Throws<ArgumentException>(() => model.forward(zeros(3, 5, 6), tensor(lengths))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void BuiltInACallersScope_KeepsItsParameters_AndTrains(RecurrentCell cell)
    {
        RecurrentClassifier model;
        using (NewDisposeScope())
        {
            model = SequenceModels.Build(cell, Small with { LayerCount = 2, Bidirectional = true });
        }

        using (model)
        using (var scope = NewDisposeScope())
        {
            Assert.Equal((4 * 4) + 2, model.parameters().Count());
            using var optimizer = new AdamOptions().Create(model);
            var before = model.named_parameters().Select(entry => entry.parameter.clone()).ToList();
            model.call(randn(4, 3, 6)).pow(2).sum().backward();
            optimizer.step();
            Assert.All(
                model.parameters().Zip(before),
                pair => Assert.NotEqual(0, (pair.First - pair.Second).abs().max().ToSingle())
            );
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Steps_LeaveNoTensors(RecurrentCell cell)
    {
        using var model = SequenceModels.Build(cell, Small);
        using var batch = randn(4, 3, 6);
        using var lengths = tensor([3, 1, 2, 3]);
        long Live(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                using var scope = NewDisposeScope();
                (model.call(batch).sum() + model.forward(batch, lengths).sum() + model.HiddenStates(batch).sum()).backward();
            }

            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Assert.Equal(Live(2), Live(20));
    }

    [Fact]
    public void Seed_GivesTheSameWeights_AndLeavesTheGeneratorAlone()
    {
        using var scope = NewDisposeScope();
        manual_seed(9);
        using var one = SequenceModels.Lstm(Small with { OrthogonalRecurrentWeights = true });
        var next = rand(1);
        using var two = SequenceModels.Lstm(Small with { OrthogonalRecurrentWeights = true });
        manual_seed(9);
        Assert.Equal(next.ToSingle(), rand(1).ToSingle());
        Assert.All(one.parameters().Zip(two.parameters()), pair => TensorAssert.Identical(pair.First, pair.Second, "weights"));
    }

    [Fact]
    public void OrthogonalRecurrentWeights_AreOrthogonalByGate_AndForgetGatesBeginAtTheirBias()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Lstm(Small with { OrthogonalRecurrentWeights = true, ForgetGateBias = 1 });
        var named = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        foreach (var gate in named["rnn.weight_hh_l0"].split(5))
        {
            TensorAssert.Close(eye(5), gate.matmul(gate.t()), 1e-5, "W Wᵀ");
        }

        var bias = named["rnn.bias_ih_l0"] + named["rnn.bias_hh_l0"];
        TensorAssert.Close(ones(5), bias.narrow(0, 5, 5), 1e-6, "forget gates");
        Assert.NotEqual(bias[0].ToSingle(), bias[1].ToSingle()); // the others are as PyTorch draws them
    }

    [Fact]
    public void OptionsOutOfRange_AreReportedTogether()
    {
        var error = Assert.Throws<InvalidOptionsException>(() =>
            SequenceModels.Gru(
                new RecurrentOptions
                {
                    InputSize = 0,
                    HiddenSize = -1,
                    LayerCount = 1,
                    Dropout = 0.5,
                    ClassCount = 1,
                    Nonlinearity = ActivationFunction.ReLU,
                    ForgetGateBias = 1,
                    PatchSize = 0,
                    PaddingValue = double.NaN,
                }
            )
        );
        Assert.Equal(8, error.Faults.Count);
        Assert.Contains("Dropout must be 0 where there is one layer", error.Message, StringComparison.Ordinal);
        Assert.Contains("ForgetGateBias must be null for the cell Gru", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nonlinearity must be Tanh for the cell Gru", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReluCell_IsPyTorchsFormula()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Rnn(Small with { Nonlinearity = ActivationFunction.ReLU });
        var named = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        var sequence = randn([2, 4, 6], generator: new Generator(1));
        var state = zeros(2, 5);
        for (int t = 0; t < 4; t++)
        {
            state = (
                sequence[TensorIndex.Colon, t].matmul(named["rnn.weight_ih_l0"].t())
                + named["rnn.bias_ih_l0"]
                + state.matmul(named["rnn.weight_hh_l0"].t())
                + named["rnn.bias_hh_l0"]
            ).relu();
        }

        TensorAssert.Close(state, model.HiddenStates(sequence)[TensorIndex.Colon, 3], 1e-5, "last state");
    }
}
