using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>Models with an output for each step: every step that counts is a sample, and no other has any influence.</summary>
[Collection("Torch")]
public sealed class EachStepTests
{
    private const int Features = 3;
    private const int Outputs = 4;
    private const int Steps = 6;
    private static readonly long[] Lengths = [6, 2, 5, 1, 3, 6, 4, 2];

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 4,
        EvaluationBatchSize = 4,
        Seed = 1,
        Device = "cpu",
        Shuffle = false,
        Optimizer = new SgdOptions { LearningRate = 0.1 },
    };

    public static TheoryData<RecurrentCell, ModelOutput> Cases
    {
        get
        {
            var cases = new TheoryData<RecurrentCell, ModelOutput>();
            foreach (var cell in Enum.GetValues<RecurrentCell>())
            {
                foreach (var output in Enum.GetValues<ModelOutput>())
                {
                    cases.Add(cell, output);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_AreThoseOfTheLastLayerAtEachStep(RecurrentCell cell, ModelOutput output)
    {
        using var scope = NewDisposeScope();
        using var model = Build(cell, output);
        var inputs = Inputs(padding: 0);
        var outputs = model.call(inputs);
        Assert.Equal([Lengths.Length, Steps, Outputs], outputs.shape);
        var fc = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        var expected = nn.functional.linear(model.HiddenStates(inputs), fc["fc.weight"], fc["fc.bias"]);
        TensorAssert.Close(expected, outputs, 1e-6, "outputs");
        TensorAssert.Close(expected, ((IRecurrentModel)model).Unroll(inputs).Scores, 1e-5, "unrolled");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Padding_OfInputsAndTargets_HasNoInfluence_ToTheBit(RecurrentCell cell, ModelOutput output)
    {
        using var scope = NewDisposeScope();
        AssertNoInfluence(() => Build(cell, output), output);
        AssertNoInfluence(() => Build(cell, output, bidirectional: true), output);
    }

    private static void AssertNoInfluence(Func<RecurrentClassifier> build, ModelOutput output)
    {
        using var one = build();
        using var other = build();
        var first = new Trainer(Options).Fit(one, Data(output, padding: 0), Data(output, padding: 0));
        var second = new Trainer(Options).Fit(other, Data(output, padding: 77), Data(output, padding: -5));
        foreach (var (expected, actual) in one.parameters().Zip(other.parameters()))
        {
            TensorAssert.Identical(expected, actual, "weight");
        }

        Assert.All(first.MetricNames, metric => Assert.Equal(first[metric], second[metric]));
        Assert.Equal(Lengths.Sum(), first.Epochs[0].Samples); // every step that counts is one
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LossAndMetrics_AreMeansOverTheStepsThatCount(RecurrentCell cell, ModelOutput output)
    {
        using var scope = NewDisposeScope();
        using var model = Build(cell, output);
        var result = new Trainer(Options).Evaluate(model, Data(output, padding: 9));
        var outputs = model.call(Inputs(padding: 9));
        var targets = Targets(output, padding: 9);
        var rows = new List<Tensor>();
        var wanted = new List<Tensor>();
        for (int i = 0; i < Lengths.Length; i++)
        {
            rows.Add(outputs[i].narrow(0, 0, Lengths[i]));
            wanted.Add(targets[i].narrow(0, 0, Lengths[i]));
        }

        var (scores, labels) = (cat(rows), cat(wanted));
        var (loss, metric) = output switch
        {
            ModelOutput.Classes => (nn.functional.cross_entropy(scores, labels), scores.argmax(1).eq(labels)),
            ModelOutput.Values => (nn.functional.mse_loss(scores, labels), (scores - labels).abs()),
            _ => (nn.functional.binary_cross_entropy_with_logits(scores, labels), scores.gt(0).eq(labels.gt(0.5))),
        };
        Assert.Equal(loss.ToDouble(), result.Loss, 1e-5);
        Assert.Equal(metric.to_type(ScalarType.Float64).mean().ToDouble(), result.Metrics.Values.ElementAt(1), 1e-6);
        Assert.Equal(Lengths.Sum(), result.SampleCount);
    }

    [Fact]
    public void AccumulatedStep_IsThatOfOneBatchOfAllItsSteps()
    {
        using var scope = NewDisposeScope();
        using var one = Build(RecurrentCell.Gru, ModelOutput.Classes);
        using var other = Build(RecurrentCell.Gru, ModelOutput.Classes);
        var whole = BatchSource.From("whole", [new Batch(Inputs(0), Targets(ModelOutput.Classes, 0), tensor(Lengths))]);
        new Trainer(Options).Fit(one, whole);
        new Trainer(Options with { GradientAccumulationSteps = 2 }).Fit(other, Data(ModelOutput.Classes, padding: 0));
        foreach (var (expected, actual) in one.parameters().Zip(other.parameters()))
        {
            TensorAssert.Close(expected, actual, 1e-5, "weight");
        }
    }

    [Fact]
    public void Targets_WithoutARowForEachStep_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = Build(RecurrentCell.Gru, ModelOutput.Classes);
        var labels = BatchSource.From("labels", [new Batch(Inputs(0), zeros(Lengths.Length, dtype: ScalarType.Int64))]);
        Assert.Throws<ShapeMismatchException>(() => new Trainer(Options).Evaluate(model, labels));
    }

    private static RecurrentClassifier Build(RecurrentCell cell, ModelOutput output, bool bidirectional = false) =>
        SequenceModels.Build(
            cell,
            new RecurrentOptions
            {
                InputSize = Features,
                HiddenSize = 5,
                Readout = SequenceReadout.EachStep,
                Bidirectional = bidirectional,
                Output = output,
                ClassCount = Outputs,
                ValueCount = output == ModelOutput.Values ? Outputs : 1,
                Seed = 1,
            }
        );

    private static IBatchSource Data(ModelOutput output, int padding)
    {
        var (inputs, targets, lengths) = (Inputs(padding), Targets(output, padding), tensor(Lengths));
        return BatchSource.From(
            "steps",
            [new Batch(inputs[..4], targets[..4], lengths[..4]), new Batch(inputs[4..], targets[4..], lengths[4..])]
        );
    }

    private static Tensor Inputs(int padding)
    {
        var inputs = randn([Lengths.Length, Steps, Features], generator: new Generator(3));
        return inputs.masked_fill(Padding().unsqueeze(2), padding);
    }

    private static Tensor Targets(ModelOutput output, int padding)
    {
        var numbers = randn([Lengths.Length, Steps, Outputs], generator: new Generator(4));
        return output switch
        {
            ModelOutput.Classes => numbers.argmax(2).masked_fill(Padding(), padding),
            ModelOutput.Values => numbers.masked_fill(Padding().unsqueeze(2), padding),
            _ => numbers.gt(0).to_type(ScalarType.Float32).masked_fill(Padding().unsqueeze(2), padding),
        };
    }

    private static Tensor Padding() => arange(Steps).unsqueeze(0).ge(tensor(Lengths).unsqueeze(1));
}
