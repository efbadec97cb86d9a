using TorchSharp;
using VisionSeqModels.Optimization;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Losses: PyTorch 1.13's values, ignored labels, refused targets, and means over uneven batches.</summary>
[Collection("Torch")]
public sealed class LossTests
{
    private static readonly Dictionary<string, (Loss Loss, double Value)> Binary = new()
    {
        ["bce"] = (Losses.BinaryCrossEntropyWithLogits(), 0.44215548038482666),
        ["bce weighted"] = (Losses.BinaryCrossEntropyWithLogits(3), 0.7426580190658569),
        ["focal"] = (Losses.BinaryFocal(), 0.06144515052437782),
        ["focal without alpha"] = (Losses.BinaryFocal(1.5, alpha: null), 0.1327151358127594),
    };

    private static readonly Dictionary<string, (Loss Loss, double Value)> Elements = new()
    {
        ["mse"] = (Losses.MeanSquaredError(), 2.887500047683716),
        ["l1"] = (Losses.L1(), 1.2249999046325684),
        ["smooth_l1"] = (Losses.SmoothL1(0.5), 1.0774999856948853),
        ["huber"] = (Losses.Huber(0.5), 0.5387499928474426),
    };

    private static readonly Dictionary<string, (Loss Loss, string Targets, double Value)> Classes = new()
    {
        ["ignoring"] = (Losses.CrossEntropy(ignoreIndex: -100), "some", 2.275268793106079),
        ["ignoring, weighted, smoothed"] = (Losses.CrossEntropy(0.1, [1, 2, 0.5], -100), "some", 2.140561580657959),
        ["probabilities"] = (Losses.CrossEntropy(), "soft", 1.2291526794433594),
        ["probabilities, weighted, smoothed"] = (Losses.CrossEntropy(0.1, [1, 2, 0.5]), "soft", 1.5344657897949219),
        ["focal"] = (Losses.Focal(), "all", 1.139484167098999),
        ["focal weighted"] = (Losses.Focal(1.5, [1, 2, 0.5]), "all", 1.549529790878296),
        ["focal ignoring"] = (Losses.Focal(ignoreIndex: -100), "some", 1.83162522315979),
        ["focal of gamma 0 on probabilities"] = (Losses.Focal(0), "soft", 1.2291526794433594),
    };

    public static TheoryData<string> BinaryNames => [.. Binary.Keys];

    public static TheoryData<string> ElementNames => [.. Elements.Keys];

    public static TheoryData<string> ClassNames => [.. Classes.Keys];

    [Theory]
    [MemberData(nameof(BinaryNames))]
    public void BinaryLoss_IsPyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[] { 0.5f, -1, 2, 0.3f });
        var targets = tensor(new long[] { 1, 0, 1, 0 });
        foreach (var type in new[] { ScalarType.Int64, ScalarType.Float32, ScalarType.Float64, ScalarType.Bool })
        {
            Assert.Equal(Binary[name].Value, Binary[name].Loss.Compute(scores, targets.to_type(type)).ToDouble(), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(ElementNames))]
    public void LossOfElements_IsPyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        var (scores, targets) = (tensor(new[] { 0.5f, -1, 2, 0.3f }), tensor(new[] { 0.6f, 1.5f, 2, -2 }));
        Assert.Equal(Elements[name].Value, Elements[name].Loss.Compute(scores, targets).ToDouble(), 1e-6);
    }

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void LossOfClasses_IsPyTorchs_InBothPrecisions(string name)
    {
        using var scope = NewDisposeScope();
        var (loss, targets, expected) = Classes[name];
        Assert.Equal(expected, loss.Compute(Scores(), Targets(targets)).ToDouble(), 1e-6);
        var exact = loss.Compute(Scores().to_type(ScalarType.Float64), Targets(targets));
        Assert.Equal(ScalarType.Float64, exact.dtype);
        Assert.Equal(expected, exact.ToDouble(), 1e-6);
    }

    [Fact]
    public void PositiveWeights_AreOneForEachLabel()
    {
        using var scope = NewDisposeScope();
        var loss = Losses.BinaryCrossEntropyWithLogits([2, 3]);
        var targets = tensor(new float[] { 1, 0, 0, 1, 1, 1, 0, 0 }).reshape(4, 2);
        Assert.Equal(1.442893385887146, loss.Compute(Scores().narrow(1, 0, 2), targets).ToDouble(), 1e-6);
        string message = Assert.Throws<ShapeMismatchException>(() => loss.Compute(zeros(4, 3), zeros(4, 3))).Message;
        Assert.Contains("expects 2 scores in the last dimension for its 2 positive weights", message, StringComparison.Ordinal);
    }

    /// <summary>The promise of <see cref="Loss.TotalWeight"/>, for every loss and each of its kinds of targets.</summary>
    [Fact]
    public void MeansAndGradientsOfUnevenBatches_AreThoseOfOneBigBatch()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var scores = randn(12, 3);
        var some = tensor(new long[] { 0, 2, -100, 1, -100, -100, -100, 1, 2, 0, -100, 1 });
        var all = some.clamp(min: 0);
        var soft = randn(12, 3).softmax(1);
        Loss[] ofClasses =
        [
            Losses.CrossEntropy(),
            Losses.CrossEntropy(0.1, [1, 2, 0.5]),
            Losses.CrossEntropy(classWeights: [0, 2, 0]),
            Losses.CrossEntropy(0.1, ignoreIndex: -100),
            Losses.CrossEntropy(0.1, [1, 2, 0.5], -100),
            Losses.Focal(),
            Losses.Focal(1.5, [1, 2, 0.5], -100),
        ];
        Assert.All(ofClasses, loss => Split(loss, scores, all));
        Assert.All(ofClasses, loss => Split(loss, scores, soft));
        Assert.All(new[] { ofClasses[3], ofClasses[4], ofClasses[6] }, loss => Split(loss, scores, some));
        Assert.All(Binary.Values, entry => Split(entry.Loss, scores, soft));
        Assert.All(Elements.Values, entry => Split(entry.Loss, scores, soft));
        Assert.All(Elements.Values, entry => Split(entry.Loss, scores.select(1, 0), soft.select(1, 0)));
    }

    [Fact]
    public void BatchesOfSequencesOfOtherLengths_WeighByTheirElements()
    {
        using var scope = NewDisposeScope();
        var loss = Losses.MeanSquaredError();
        Assert.Equal(6, loss.TotalWeight(zeros(2, 3))!.ToDouble());
        Assert.Null(loss.TotalWeight(zeros(2)));
    }

    /// <summary>Once 0.378 in place of 0.128.</summary>
    [Fact]
    public void AccumulatedGradients_OfIgnoredLabels_AreThoseOfTheBigBatch()
    {
        using var data = new TinyData(32);
        data.Targets[TensorIndex.Slice(0, 24, 2)].fill_(-100);
        data.Targets[TensorIndex.Slice(24, 32)].fill_(-100);
        using var big = TinyModel.Create();
        using var small = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = 1,
            Seed = 1,
            Device = "cpu",
            Shuffle = false,
            Loss = Losses.CrossEntropy(ignoreIndex: -100),
            Optimizer = new SgdOptions { LearningRate = 0.1 },
        };
        var one = new Trainer(options with { BatchSize = 32 }).Fit(big, data);
        var other = new Trainer(options with { BatchSize = 8, GradientAccumulationSteps = 4 }).Fit(small, data);
        Assert.Equal(one.Epochs[0].TrainLoss, other.Epochs[0].TrainLoss, 1e-6);
        Assert.Equal(one["train_accuracy"], other["train_accuracy"]);
        Assert.All(big.state_dict(), entry => TensorAssert.Close(entry.Value, small.state_dict()[entry.Key], 1e-6, entry.Key));

        // twelve labels count; the last batch of eight has none
        using var scope = NewDisposeScope();
        var counted = data.Targets.ge(0);
        var scores = big.call(data.Inputs);
        var right = (scores.argmax(1).eq(data.Targets) & counted).sum();
        Assert.Equal(right.ToInt64() / 12.0, new Trainer(options).Evaluate(big, data).Accuracy, 1e-12);
    }

    [Fact]
    public void BatchThatDoesNotCount_HasLossAndGradient0_NotNaN()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { -100, -100, -100, -100 });
        foreach (var loss in new[] { Losses.CrossEntropy(ignoreIndex: -100), Losses.Focal(ignoreIndex: -100) })
        {
            var scores = Scores().requires_grad_();
            var value = loss.Compute(scores, labels);
            value.backward();
            Assert.Equal((0, 0), (value.ToDouble(), scores.grad!.abs().max().ToDouble()));
            Assert.Equal(0, loss.TotalWeight(labels)!.ToDouble());
        }

        var weighted = Losses.CrossEntropy(classWeights: [0, 1, 1]);
        Assert.Equal(0, weighted.Compute(Scores(), zeros(4, dtype: ScalarType.Int64)).ToDouble());
        Assert.Equal(double.NaN, new Accuracy(-100).Compute([0, 0], 4));
    }

    [Theory]
    [InlineData(-100)]
    [InlineData(3)]
    [InlineData(255)]
    public void LabelThatIsNoClass_IsRefusedWithValueAndIndex_OrMakesNaNOnADevice(long label)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 2, label, 1 });
        foreach (
            var loss in new[]
            {
                Losses.CrossEntropy(),
                Losses.CrossEntropy(0.1, [1, 2, 3]),
                Losses.CrossEntropy(ignoreIndex: -1),
                Losses.Focal(),
            }
        )
        {
            string message = Assert.ThrowsAny<ArgumentException>(() => loss.Compute(Scores(), labels)).Message;
            Assert.Contains(
                $"labels from 0 to 2, but the label at index 2 of the batch is {label}.",
                message,
                StringComparison.Ordinal
            );
        }

        var guard = new ClassTargets("Loss", null, null);
        Tensor Compute(Tensor safe) => nn.functional.cross_entropy(Scores(), safe);
        Assert.True(double.IsNaN(guard.OfGuarded(Scores(), labels, Compute).ToDouble()));
        Assert.False(double.IsNaN(guard.OfGuarded(Scores(), Targets("all"), Compute).ToDouble()));
    }

    [Theory]
    [InlineData("[4, 3]", "[4]", "Int32", "Cast the labels: targets.to_type(ScalarType.Int64).")]
    [InlineData("[4, 3]", "[4, 1]", "Int64", "targets.squeeze(1).to_type(ScalarType.Int64).")]
    [InlineData("[4, 3]", "[4, 3]", "Int64", "Turn one-hot targets into labels with targets.argmax(1)")]
    [InlineData("[4, 1]", "[4, 1]", "Int64", "Use Losses.BinaryCrossEntropyWithLogits for one score a sample.")]
    [InlineData("[4, 3]", "[4]", "Float32", "Cast the labels: targets.to_type(ScalarType.Int64).")]
    public void CrossEntropy_OfOtherTargets_NamesTheCast(string outputs, string targets, string type, string fix)
    {
        using var scope = NewDisposeScope();
        var wanted = zeros(Sizes(targets), dtype: Enum.Parse<ScalarType>(type));
        var e = Assert.Throws<ShapeMismatchException>(() => Losses.CrossEntropy().Compute(zeros(Sizes(outputs)), wanted));
        Assert.Contains(
            $"received outputs {outputs} and {type} targets {Shape.Of(wanted)}. ",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(fix, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[4, 1]", "[4]", "Give the targets that dimension with unsqueeze(1), or drop the model's with squeeze(1).")]
    [InlineData("[4]", "[4, 1]", "Drop the targets' last dimension with squeeze(1)")]
    [InlineData("[4, 3]", "[4, 2]", "Let the model end in as many outputs as there are targets.")]
    [InlineData("[4, 6]", "[4, 2, 3]", "Reshape one of them.")]
    public void LossOfElements_NeverBroadcasts(string outputs, string targets, string fix)
    {
        using var scope = NewDisposeScope();
        foreach (var (loss, _) in Elements.Values.Concat(Binary.Values))
        {
            var e = Assert.Throws<ShapeMismatchException>(() => loss.Compute(zeros(Sizes(outputs)), zeros(Sizes(targets))));
            Assert.StartsWith("Losses.", e.Message, StringComparison.Ordinal);
            Assert.Contains($"received outputs {outputs} and Float32 targets {targets}. ", e.Message, StringComparison.Ordinal);
            Assert.Contains(fix, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FocalLoss_OfASureModel_HasFiniteGradients()
    {
        using var scope = NewDisposeScope();
        foreach (var loss in new[] { Losses.Focal(0.5), Losses.BinaryFocal(0.5) })
        {
            bool binary = loss.Name == "binary_focal";
            var scores = tensor(new float[] { 200, -200, 0 }).reshape(binary ? [3] : [1, 3]).requires_grad_();
            loss.Compute(scores, binary ? tensor(new float[] { 1, 0, 1 }) : zeros(1, dtype: ScalarType.Int64)).backward();
            Assert.True(scores.grad!.isfinite().all().ToBoolean());
        }
    }

    [Fact]
    public void LossChoosesTheMetric_WhereNoneAreNamed()
    {
        static string Names(Loss loss) => string.Join(", ", new TrainerOptions { Loss = loss }.Metrics);
        Assert.Equal("accuracy", Names(Losses.CrossEntropy()));
        Assert.Equal("accuracy", Names(Losses.Focal()));
        Assert.Equal("binary_accuracy", Names(Losses.BinaryCrossEntropyWithLogits()));
        Assert.Equal("binary_accuracy", Names(Losses.BinaryFocal()));
        Assert.Equal("mean_absolute_error", Names(Losses.MeanSquaredError()));
        Assert.Equal("r2", string.Join(", ", new TrainerOptions { Loss = Losses.L1(), Metrics = [new R2Score()] }.Metrics));
    }

    [Fact]
    public void MetricThatCountsIgnoredLabels_IsRefused()
    {
        var options = new TrainerOptions { Loss = Losses.CrossEntropy(ignoreIndex: -100), Metrics = [new Accuracy()] };
        Assert.Contains(
            "Metrics must leave out the label -100 as the loss does, but 'accuracy' counts it",
            Assert.Throws<InvalidOptionsException>(() => new Trainer(options)).Message,
            StringComparison.Ordinal
        );
        _ = new Trainer(options with { Metrics = [new Accuracy(-100), new F1Score(3, ignoreIndex: -100)] });
    }

    private static void Split(Loss loss, Tensor scores, Tensor targets)
    {
        var whole = scores.clone().requires_grad_();
        var value = loss.Compute(whole, targets);
        value.backward();
        var parts = scores.clone().requires_grad_();
        var (sum, weights) = (zeros(1), zeros(1));
        for (int begin = 0, size = 1; begin < 12; begin += size, size += 1)
        {
            size = Math.Min(size, 12 - begin);
            var wanted = targets.narrow(0, begin, size);
            var weight = loss.TotalWeight(wanted) ?? tensor((float)size);
            sum += loss.Compute(parts.narrow(0, begin, size), wanted) * weight;
            weights += weight;
        }

        (sum / weights).sum().backward();
        TensorAssert.Close(value, (sum / weights).reshape([]), 1e-6, loss.Name);
        TensorAssert.Close(whole.grad!, parts.grad!, 1e-6, loss.Name);
    }

    private static Tensor Scores() => tensor(new float[] { 1, 2, 3, 0.5f, -1, 0, 2, 0, -2, 0.1f, 0.2f, 0.3f }).reshape(4, 3);

    private static Tensor Targets(string kind) =>
        kind switch
        {
            "some" => tensor(new long[] { 0, -100, 1, -100 }),
            "soft" => tensor(new[] { 0.7f, 0.3f, 0, 0, 0.5f, 0.5f, 1, 0, 0, 0.2f, 0.2f, 0.6f }).reshape(4, 3),
            _ => tensor(new long[] { 0, 2, 1, 2 }),
        };

    private static long[] Sizes(string shape) =>
        [
            .. shape
                .Split(']')[0]
                .Trim('[')
                .Split(',')
                .Select(size => long.Parse(size, System.Globalization.CultureInfo.InvariantCulture)),
        ];
}
