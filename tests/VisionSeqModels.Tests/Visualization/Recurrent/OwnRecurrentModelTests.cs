using System.Text.Json.Nodes;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Recurrent;

/// <summary>The recurrent views take a user's own recurrent model.</summary>
[Collection("Torch")]
public sealed class OwnRecurrentModelTests
{
    [Fact]
    public void Trace_OfACellOfOnesOwn_HasItsStatesAndGates()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = new MinimalGatedClassifier(new MinimalGatedOptions());
        var sequence = randn([1, 6, 3], generator: new Generator(1));

        var trace = RecurrentTrace.Measure(model, sequence);

        Assert.Equal(("MGU", 0, 6), (trace.Cell, trace.Layer, trace.HiddenStates.Count));
        Assert.Null(trace.CellStates);
        Assert.Equal(["candidate", "forget"], trace.Gates.Keys.Order(StringComparer.Ordinal));
        for (int step = 1; step < 6; step++)
        {
            for (int unit = 0; unit < 5; unit++)
            {
                double forget = trace.Gates["forget"][step][unit];
                double made =
                    ((1 - forget) * trace.HiddenStates[step - 1][unit]) + (forget * trace.Gates["candidate"][step][unit]);
                Assert.Equal(trace.HiddenStates[step][unit], made, 1e-6);
            }
        }

        using var folder = new TempFolder();
        Assert.True(trace.Draw().Height > 0);
        Assert.True(trace.DrawGates().Width > trace.Draw().Width); // two columns
        trace.Save(folder["trace.json"]);
        Assert.Equal("mgu", (string?)JsonNode.Parse(File.ReadAllText(folder["trace.json"]))!["cell"]);
        Assert.True(model.training);
    }

    [Fact]
    public void GradientFlow_OfACellOfOnesOwn_IsTheModelsOwnGradient()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = new MinimalGatedClassifier(new MinimalGatedOptions());
        var (inputs, labels) = (randn([5, 6, 3], generator: new Generator(1)), arange(5).remainder(2));

        var flow = GradientFlow.Measure(model, BatchSource.From("five", _ => [new Batch(inputs.clone(), labels.clone())]));

        model.eval();
        AssertInputNorms(model, inputs, labels, flow.InputNorms);
        Assert.All(flow.StateNorms, norm => Assert.True(norm > 0));
    }

    [Fact]
    public void Views_TakeABidirectionalGruWithAttentionOverTime()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = new AttentionGru(width: 4, units: 5, layers: 2, classes: 3);
        var (images, labels) = (randn([20, 1, 6, 4], generator: new Generator(1)), arange(20).remainder(3));
        var data = BatchSource.From("twenty", _ => [new Batch(images.clone(), labels.clone())]);

        TensorAssert.Close(model.call(images), model.Unroll(model.ToSequence(images)).Scores, 1e-5, "scores");
        var trace = RecurrentTrace.Measure(model, images[..1], new RecurrentTraceOptions { Layer = 0 });
        var flow = GradientFlow.Measure(model, data, new GradientFlowOptions { SampleCount = 7, BatchSize = 3 });
        var prefix = PrefixAccuracy.Measure(model, data);

        Assert.Equal((6, 5), (trace.HiddenStates.Count, trace.HiddenStates[0].Length));
        Assert.Equal(7, flow.SampleCount);
        AssertInputNorms(model, images[..7], labels[..7], flow.InputNorms);
        Assert.Equal([1, 2, 3, 4, 5, 6], prefix.Steps);
        double whole = model.call(images).argmax(1).eq(labels).to_type(ScalarType.Float64).mean().ToDouble();
        Assert.Equal(whole, prefix.Accuracies[^1], 1e-12);
        double two = model
            .Classify(images.squeeze(1)[.., ..2])
            .argmax(1)
            .eq(labels)
            .to_type(ScalarType.Float64)
            .mean()
            .ToDouble();
        Assert.Equal(two, prefix.Accuracies[1], 1e-12);
    }

    [Fact]
    public void GradientFlow_OfStatesThatTheScoresDoNotDependOn_IsRefused()
    {
        using var model = new DetachedStates();
        Assert.Contains(
            "DetachedStates.Unroll",
            Assert.Throws<InvalidOperationException>(() => GradientFlow.Measure(model, DetachedStates.Data)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(RecurrentCell.Rnn, SequenceReadout.Last)]
    [InlineData(RecurrentCell.Lstm, SequenceReadout.Mean)]
    [InlineData(RecurrentCell.Gru, SequenceReadout.Max)]
    public void Unrolled_APaddedBatchGivesTheModelsScores(RecurrentCell cell, SequenceReadout readout)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Build(
            cell,
            new RecurrentOptions
            {
                InputSize = 3,
                HiddenSize = 4,
                LayerCount = 2,
                Bidirectional = true,
                Readout = readout,
                PaddingValue = -1,
                Seed = 1,
            }
        );
        var sequence = randn([3, 5, 3], generator: new Generator(1));
        sequence[0, 2..] = -1;
        sequence[2, 4..] = -1;

        TensorAssert.Close(model.call(sequence), ((IRecurrentModel)model).Unroll(sequence).Scores, 1e-5, "scores");
    }

    private static void AssertInputNorms(
        nn.Module<Tensor, Tensor> model,
        Tensor inputs,
        Tensor labels,
        IReadOnlyList<double> norms
    )
    {
        var wanted = zeros(norms.Count);
        for (int i = 0; i < inputs.size(0); i++)
        {
            var one = inputs.narrow(0, i, 1).clone().requires_grad_();
            var loss = nn.functional.cross_entropy(model.call(one), labels.narrow(0, i, 1));
            wanted += autograd.grad([loss], [one])[0].reshape(norms.Count, -1).norm(1) / inputs.size(0);
        }

        TensorAssert.Close(wanted, tensor(norms.ToArray(), dtype: ScalarType.Float32), 1e-5, "norms");
    }
}
