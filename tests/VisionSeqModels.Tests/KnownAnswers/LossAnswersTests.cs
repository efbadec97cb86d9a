using System.Text.Json.Nodes;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.KnownAnswers;

/// <summary>Value and gradient of every loss for random cases, against PyTorch.</summary>
[Collection("Torch")]
public sealed class LossAnswersTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();
    private Random _random = new(0);

    [PyTorchTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void ValueAndGradient_ArePyTorchs(int seed)
    {
        using var scope = NewDisposeScope();
        using var cases = new PyTorchCases(_folder);
        _random = new Random(seed);
        manual_seed(seed);
        var all = Enumerable.Range(0, 12).SelectMany(i => Elements(i).Concat(Binary(i)).Concat(Classes(i))).ToList();
        foreach (var (options, _, outputs, targets) in all)
        {
            options["kind"] = "loss";
            cases.Add(options, ("x", outputs), ("y", targets));
        }

        cases.Run();
        for (int i = 0; i < all.Count; i++)
        {
            var (_, loss, outputs, targets) = all[i];
            using var inner = NewDisposeScope();
            var x = outputs.clone().requires_grad_();
            var value = loss.Compute(x, targets);
            value.backward();
            cases.Compare(i, "value", value);
            cases.Compare(i, "gradient", x.grad!);
        }

        output.WriteLine($"{cases.Count} losses, largest relative error {cases.LargestError:g3}: {cases.WorstCase}");
        cases.AssertWithin(1e-5, 120);
    }

    public void Dispose() => _folder.Dispose();

    private IEnumerable<(JsonObject, Loss, Tensor, Tensor)> Elements(int i)
    {
        long[] shape =
            i % 3 == 0 ? [Next(1, 20)]
            : i % 3 == 1 ? [Next(1, 9), 1]
            : [Next(1, 9), Next(2, 5), Next(1, 4)];
        var (x, y) = (randn(shape) * 3, randn(shape) * 3);
        double beta = i == 0 ? 0 : Fraction() * 3;
        double delta = 0.05 + (Fraction() * 3);
        yield return (new() { ["loss"] = "l1" }, Losses.L1(), x, y);
        yield return (new() { ["loss"] = "mse" }, Losses.MeanSquaredError(), x, y);
        yield return (new() { ["loss"] = "smooth_l1", ["beta"] = beta }, Losses.SmoothL1(beta), x, y);
        yield return (new() { ["loss"] = "huber", ["delta"] = delta }, Losses.Huber(delta), x, y);
    }

    private IEnumerable<(JsonObject, Loss, Tensor, Tensor)> Binary(int i)
    {
        int labels = (int)Next(2, 6);
        long[] shape = i % 2 == 0 ? [Next(1, 20)] : [Next(1, 9), labels];
        var x = randn(shape) * 4;
        var y = i % 3 == 0 ? rand(shape) : randint(0, 2, shape, dtype: i % 3 == 1 ? ScalarType.Int64 : ScalarType.Float32);
        double[] weights = i % 2 == 0 ? [0.1 + (Fraction() * 5)] : Weights(labels);
        double gamma = i % 4 == 0 ? 0 : Fraction() * 4;
        double? alpha = i % 3 == 0 ? null : Fraction();
        JsonObject entropy = new() { ["loss"] = "binary_cross_entropy", ["weights"] = Json(weights) };
        yield return (entropy, Losses.BinaryCrossEntropyWithLogits(weights), x, y);
        yield return (
            new()
            {
                ["loss"] = "binary_focal",
                ["gamma"] = gamma,
                ["alpha"] = alpha,
            },
            Losses.BinaryFocal(gamma, alpha),
            x,
            y
        );
    }

    private IEnumerable<(JsonObject, Loss, Tensor, Tensor)> Classes(int i)
    {
        int classes = (int)Next(2, 9);
        long batch = Next(2, 20);
        var x = randn(batch, classes) * 3;
        var labels = randint(0, classes, [batch], dtype: ScalarType.Int64);
        labels[0] = tensor(0L); // one that counts
        double[] weights = Weights(classes);
        double smoothing = i % 2 == 0 ? 0 : Fraction() * 0.9;
        double gamma = i % 5 == 0 ? 0 : Fraction() * 4;
        yield return (
            Options("cross_entropy", smoothing, i % 3 == 0 ? weights : null, null),
            Losses.CrossEntropy(smoothing, i % 3 == 0 ? weights : null),
            x,
            labels
        );
        yield return (Options("focal", gamma, weights, null), Losses.Focal(gamma, weights), x, labels);

        long ignored =
            i % 3 == 0 ? -100
            : i % 3 == 1 ? 255
            : classes - 1;
        var some = where(rand(batch).lt(0.4), full_like(labels, ignored), labels);
        some[0] = tensor(0L);
        yield return (
            Options("cross_entropy", smoothing, i % 2 == 0 ? weights : null, ignored),
            Losses.CrossEntropy(smoothing, i % 2 == 0 ? weights : null, ignored),
            x,
            some
        );
        yield return (Options("focal", gamma, null, ignored), Losses.Focal(gamma, ignoreIndex: ignored), x, some);

        var soft = (randn(batch, classes) * 2).softmax(1);
        yield return (
            Options("cross_entropy", smoothing, i % 2 == 0 ? weights : null, null),
            Losses.CrossEntropy(smoothing, i % 2 == 0 ? weights : null),
            x,
            soft
        );
        yield return (Options("focal", gamma, weights, null), Losses.Focal(gamma, weights), x, soft);
    }

    private static JsonObject Options(string loss, double number, double[]? weights, long? ignored)
    {
        var options = new JsonObject { ["loss"] = loss, [loss == "focal" ? "gamma" : "smoothing"] = number };
        if (weights is not null)
        {
            options["weights"] = Json(weights);
        }

        if (ignored is not null)
        {
            options["ignore"] = ignored;
        }

        return options;
    }

    private double[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => 0.1 + (Fraction() * 3))];

    private static JsonArray Json(double[] numbers) => [.. numbers.Select(number => JsonValue.Create(number))];

    private double Fraction() => _random.NextDouble();

    private long Next(int low, int high) => _random.Next(low, high);
}
