using System.Text.Json.Nodes;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Models;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Recurrent;

[Collection("Torch")]
public sealed class RecurrentViewTests
{
    private static readonly RecurrentOptions Small = new()
    {
        InputSize = 6,
        HiddenSize = 5,
        ClassCount = 3,
        Seed = 1,
    };

    public static TheoryData<RecurrentCell, int, bool> Kinds
    {
        get
        {
            var kinds = new TheoryData<RecurrentCell, int, bool>();
            foreach (var cell in Enum.GetValues<RecurrentCell>())
            {
                kinds.Add(cell, 1, false);
                kinds.Add(cell, 3, false);
                kinds.Add(cell, 2, true);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Unrolled_ALayerIsTheFusedOperation(RecurrentCell cell, int layers, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Build(cell, Small with { LayerCount = layers, Bidirectional = bidirectional });
        var sequence = randn([3, 7, 6], generator: new Generator(1));

        var (outputs, final) = RecurrentLayers.Run(model.Layers, sequence);
        var unrolled = UnrolledLayers.Of(model.Layers, sequence);

        TensorAssert.Close(outputs, unrolled.Outputs, 1e-5, "outputs");
        TensorAssert.Close(final, unrolled.Final, 1e-5, "final states");
        TensorAssert.Close(model.call(sequence), ((IRecurrentModel)model).Unroll(sequence).Scores, 1e-5, "scores");
        Assert.Equal(layers, unrolled.Layers.Count);
    }

    [Theory]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void Trace_HasTheModelsOutputs_AndItsGatesMakeThem(RecurrentCell cell)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Build(cell, Small);
        var sequence = randn([1, 4, 6], generator: new Generator(1));

        var trace = RecurrentTrace.Measure(model, sequence);

        TensorAssert.Close(
            model.HiddenStates(sequence)[0],
            tensor(trace.HiddenStates.SelectMany(step => step).ToArray()).reshape(4, 5),
            1e-5,
            "hidden states"
        );
        for (int step = 1; step < 4; step++)
        {
            for (int unit = 0; unit < 5; unit++)
            {
                double Gate(string name) => trace.Gates[name][step][unit];
                double made =
                    cell == RecurrentCell.Lstm
                        ? Gate("output")
                            * Math.Tanh(
                                (Gate("forget") * trace.CellStates![step - 1][unit]) + (Gate("input") * Gate("candidate"))
                            )
                        : ((1 - Gate("update")) * Gate("candidate")) + (Gate("update") * trace.HiddenStates[step - 1][unit]);
                Assert.Equal(trace.HiddenStates[step][unit], made, 1e-5);
            }
        }
    }

    [Fact]
    public void Trace_WithForgetGatesOpen_AddsUpWhatComesIn()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Lstm(Small with { ForgetGateBias = 30 });
        var trace = RecurrentTrace.Measure(model, randn([1, 6, 6], generator: new Generator(1)));
        for (int unit = 0; unit < 5; unit++)
        {
            double sum = Enumerable
                .Range(0, 6)
                .Sum(step => trace.Gates["input"][step][unit] * trace.Gates["candidate"][step][unit]);
            Assert.Equal(sum, trace.CellStates![5][unit], 1e-5);
        }
    }

    [Fact]
    public void Trace_DrawsAndSaves()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Lstm();
        var image = ImageTile.OfPixels(zeros([1, 28, 28], dtype: ScalarType.Byte));
        var trace = RecurrentTrace.Measure(model, zeros(1, 1, 28, 28));

        Assert.True(trace.Draw(image).Height > 128 * 3);
        Assert.True(trace.DrawGates(image).Height > 3 * 128 * 3); // five maps in three rows
        trace.Save(folder["trace.json"]);
        Assert.Equal(28, JsonNode.Parse(File.ReadAllText(folder["trace.json"]))!["gates"]!["forget"]!.AsArray().Count);
        using var plain = SequenceModels.Rnn();
        Assert.Contains(
            "has no gates",
            Assert
                .Throws<InvalidOperationException>(() => RecurrentTrace.Measure(plain, zeros(1, 1, 28, 28)).DrawGates())
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "[2, 1, 28, 28]",
            Assert.Throws<ArgumentException>(() => RecurrentTrace.Measure(plain, zeros(2, 1, 28, 28))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void GradientFlow_IsTheMeanOfEachSamplesOwnNorm(RecurrentCell cell, int layers, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Build(cell, Small with { LayerCount = layers, Bidirectional = bidirectional });
        var (inputs, labels) = Samples(10);

        var flow = GradientFlow.Measure(model, BatchSource.From("ten", _ => [new Batch(inputs.clone(), labels.clone())]));

        var wanted = new double[4];
        for (int i = 0; i < 10; i++)
        {
            var one = inputs.narrow(0, i, 1).clone().requires_grad_();
            var loss = nn.functional.cross_entropy(model.call(one), labels.narrow(0, i, 1));
            var norms = autograd.grad([loss], [one])[0][0].norm(1).data<float>().ToArray(); // the fused operation's own gradient
            wanted = [.. wanted.Zip(norms, (sum, norm) => sum + (norm / 10))];
        }

        Assert.Equal(10, flow.SampleCount);
        Assert.All(flow.InputNorms.Zip(wanted), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Fact]
    public void GradientFlow_OfAScaledIdentity_IsItsPowers()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Rnn(Small with { Nonlinearity = ActivationFunction.ReLU });
        using (no_grad())
        {
            foreach (var (name, parameter) in model.named_parameters())
            {
                parameter.copy_(
                    name == "rnn.weight_hh_l0" ? eye(5) * 0.5
                    : name.StartsWith("fc", StringComparison.Ordinal) ? parameter
                    : ones_like(parameter) * 0.1
                );
            }
        }

        var flow = GradientFlow.Measure(
            model,
            BatchSource.From("one", _ => [new Batch(ones(2, 6, 6), zeros([2], dtype: ScalarType.Int64))])
        );
        for (int step = 0; step < 6; step++)
        {
            Assert.Equal(flow.StateNorms[5] * Math.Pow(0.5, 5 - step), flow.StateNorms[step], 1e-7);
        }
    }

    [Fact]
    public void GradientFlow_OfAState_IsThatOfTheSequencesRestFromIt()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Gru(Small);
        var (inputs, labels) = Samples(1);
        var flow = GradientFlow.Measure(model, BatchSource.From("one", _ => [new Batch(inputs.clone(), labels.clone())]));

        var gru = (TorchSharp.Modules.GRU)model.Layers;
        var state = model.HiddenStates(inputs).select(1, 1).unsqueeze(0).detach().requires_grad_(); // after step 2 of 4
        var (outputs, final) = gru.call(inputs.narrow(1, 2, 2), state);
        var loss = nn.functional.cross_entropy(model.Head(outputs, final), labels);
        Assert.Equal(autograd.grad([loss], [state])[0].norm().ToDouble(), flow.StateNorms[1], 1e-6);
    }

    [Fact]
    public void PrefixAccuracy_OfAllSteps_IsTheModelsAccuracy_AndOfFewerThatOfCutSequences()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Lstm(Small with { Readout = SequenceReadout.Mean });
        var (inputs, labels) = Samples(40);
        var data = BatchSource.From("forty", _ => [new Batch(inputs.clone(), labels.clone())]);

        var prefix = PrefixAccuracy.Measure(model, data);

        Assert.Equal([1, 2, 3, 4], prefix.Steps);
        Assert.Equal(
            new Trainer(new TrainerOptions { Device = "cpu" }).Evaluate(model, data).Metrics["accuracy"],
            prefix.Accuracies[^1]
        );
        double two = model.call(inputs.narrow(1, 0, 2)).argmax(1).eq(labels).to_type(ScalarType.Float64).mean().ToDouble();
        Assert.Equal(two, prefix.Accuracies[1], 1e-12);
        Assert.Equal([3], PrefixAccuracy.Measure(model, data, new PrefixAccuracyOptions { Steps = [3] }).Steps);
        Assert.Contains(
            "from 1 to 4",
            Assert
                .Throws<ArgumentException>(() => PrefixAccuracy.Measure(model, data, new PrefixAccuracyOptions { Steps = [5] }))
                .Message,
            StringComparison.Ordinal
        );
        Assert.True(model.training);
    }

    [Fact]
    public void Views_LeaveModelAndTensorsAsTheyWere()
    {
        using var model = SequenceModels.Lstm(Small);
        using var inputs = randn([6, 4, 6], generator: new Generator(1));
        using var labels = zeros([6], dtype: ScalarType.Int64);
        var data = BatchSource.From("six", _ => [new Batch(inputs.clone(), labels.clone())]);
        void Look()
        {
            using var one = inputs.narrow(0, 0, 1);
            RecurrentTrace.Measure(model, one);
            GradientFlow.Measure(model, data);
            PrefixAccuracy.Measure(model, data);
            ConfidentErrors.Measure(model, data);
        }

        Look();
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 5; i++)
        {
            Look();
        }

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.True(model.training);
        Assert.False(inputs.requires_grad);
    }

    private static (Tensor Inputs, Tensor Labels) Samples(int count) =>
        (randn([count, 4, 6], generator: new Generator(2)), arange(count).remainder(3));
}
