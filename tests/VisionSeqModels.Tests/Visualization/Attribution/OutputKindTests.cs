using VisionSeqModels.Data;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

#pragma warning disable IDE0065 // outside of the namespace, the namespace's own name comes first
using Attribution = VisionSeqModels.Visualization.Attribution;
#pragma warning restore IDE0065

/// <summary>What a model's outputs are is judged from all of the data, not from one batch.</summary>
[Collection("Torch")]
public sealed class OutputKindTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Invariance_TakesOneColumnForRawScores_WhereAnyBatchSaysSo(int batchSize)
    {
        using var scope = NewDisposeScope();
        using var model = Mean();
        var images = Constant(0.5f, 3f);
        var data = BatchSource.From("two", [.. Batches(images, tensor(new long[] { 0, 1 }), batchSize)]);
        var options = new InvarianceCurvesOptions { Amounts = [0], Layers = ["pool"] };
        double expected = (1 - Sigmoid(0.5) + Sigmoid(3)) / 2;
        Assert.Equal(expected, InvarianceCurves.Measure(model, data, options).Probabilities[0], 1e-6);
    }

    [Fact]
    public void Invariance_RefusesLabelsWithoutAScore()
    {
        using var scope = NewDisposeScope();
        using var model = Mean();
        var data = BatchSource.From("two", [.. Batches(Constant(0.5f, 3f), tensor(new long[] { 0, 2 }), 2)]);
        var refusal = Assert.ThrowsAny<ArgumentException>(() =>
            InvarianceCurves.Measure(model, data, new() { Layers = ["pool"] })
        );
        Assert.Contains("labels go from 0 to 2", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Maps_WarnOfASoftmax_OnlyWhereAllImagesLookLikeOne(int batchSize)
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("flat", nn.Flatten()));
        var images = tensor(new[] { 0.25f, 0.75f, 3f, -2f }).reshape(2, 1, 1, 2);
        var options = new AttributionOptions { BatchSize = batchSize };
        Assert.All(Attribution.Saliency(model, images, options), map => Assert.Null(map.Warning));
        using var probabilities = nn.Sequential(("flat", nn.Flatten()), ("end", nn.Softmax(1)));
        Assert.All(
            Attribution.Saliency(probabilities, images, options),
            map => Assert.Contains("ends in a softmax", map.Warning, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void RuleAndSoftmax_AreBothNamed()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("relu", nn.ReLU()), ("gelu", nn.GELU()), ("flat", nn.Flatten()), ("end", nn.Softmax(1)));
        string? warning = Attribution.GuidedBackpropagation(model, rand(1, 1, 2, 2))[0].Warning;
        Assert.Contains("gelu (GELU)", warning, StringComparison.Ordinal);
        Assert.Contains("softmax", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void InsertionAndDeletion_TakeOneColumnForRawScores_WhereAnyStepSaysSo()
    {
        using var scope = NewDisposeScope();
        using var model = Mean();
        var images = Constant(0.5f, 3f);
        var maps = Attribution.Saliency(model, images);
        var found = InsertionDeletion.Measure(model, images, maps, new() { StepCount = 1, BatchSize = 1 });
        Assert.Equal([Sigmoid(0.5), Sigmoid(0)], found.Deletions[0].Select(value => Math.Round(value, 6)), new Near());
        Assert.Equal([Sigmoid(3), Sigmoid(0)], found.Deletions[1].Select(value => Math.Round(value, 6)), new Near());
    }

    private static nn.Module<Tensor, Tensor> Mean() => nn.Sequential(("pool", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten()));

    private static Tensor Constant(params float[] values) => tensor(values).reshape(-1, 1, 1, 1).expand(-1, 1, 4, 4).clone();

    private static IEnumerable<Batch> Batches(Tensor images, Tensor labels, int size)
    {
        for (long i = 0; i < images.size(0); i += size)
        {
            yield return new Batch(images.narrow(0, i, size), labels.narrow(0, i, size));
        }
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-5;

        public int GetHashCode(double obj) => 0;
    }
}
