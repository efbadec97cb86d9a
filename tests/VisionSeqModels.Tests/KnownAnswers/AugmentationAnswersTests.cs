using System.Text.Json.Nodes;
using VisionSeqModels.Data;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.KnownAnswers;

/// <summary>Every augmentation with random numbers that both sides are given, against PyTorch (and torchvision, where that
/// is installed).</summary>
[Collection("Torch")]
public sealed class AugmentationAnswersTests(ITestOutputHelper output) : IDisposable
{
    private const int Classes = 4;
    private readonly TempFolder _folder = new();
    private Random _random = new(0);

    [PyTorchTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void SameNumbers_GivePyTorchsImages(int seed)
    {
        using var scope = NewDisposeScope();
        using var cases = new PyTorchCases(_folder);
        _random = new Random(seed);
        manual_seed(seed);
        var answers = new List<(Tensor Images, Tensor? Targets)>();
        for (int i = 0; i < 8; i++)
        {
            answers.AddRange([Affine(cases, i), Jitter(cases, i), Erasing(cases), Mix(cases, i), Cut(cases, i)]);
        }

        cases.Run();
        foreach (var (i, (images, targets)) in answers.Index())
        {
            cases.Compare(i, "images", images);
            if (targets is not null)
            {
                cases.Compare(i, "targets", targets);
            }
        }

        output.WriteLine($"{cases.Count} augmentations, largest relative error {cases.LargestError:g3}: {cases.WorstCase}");
        cases.AssertWithin(1e-5, 40);
    }

    public void Dispose() => _folder.Dispose();

    private (Tensor, Tensor?) Affine(PyTorchCases cases, int i)
    {
        var images = Images(3);
        long batch = images.size(0);
        var degrees = i % 4 == 1 ? zeros(batch) : (rand(batch) - 0.5) * 120;
        var scale = i % 4 == 2 ? ones(batch) : rand(batch) + 0.5;
        var (right, down) = i % 2 == 0 ? (zeros(batch), zeros(batch)) : (randn(batch) * 2, randn(batch) * 2);
        (string, Tensor)[] numbers =
        [
            ("images", images),
            ("degrees", degrees),
            ("scale", scale),
            ("right", right),
            ("down", down),
        ];
        cases.Add(new() { ["kind"] = "affine" }, numbers);
        return (AffineWarp.Apply(images, degrees, scale, right, down), null);
    }

    private (Tensor, Tensor?) Jitter(PyTorchCases cases, int i)
    {
        int channels = i % 4 == 0 ? 1 : 3;
        double[] mean = [.. Enumerable.Range(0, channels).Select(_ => 0.3 + (_random.NextDouble() * 0.4))];
        double[] deviation = [.. Enumerable.Range(0, channels).Select(_ => 0.2 + (_random.NextDouble() * 0.2))];
        var normalization = new ImageNormalization { Mean = mean, StandardDeviation = deviation };
        var (center, width) = (Column(mean), Column(deviation));
        var images = (rand(3, channels, 5, 4) - center) / width;
        Tensor[] numbers = [rand(3) * 2, rand(3) * 2, rand(3) * 2, rand(3) - 0.5];
        cases.Add(
            new()
            {
                ["kind"] = "jitter",
                ["mean"] = Json(mean),
                ["deviation"] = Json(deviation),
            },
            ("images", images),
            ("brightness", numbers[0]),
            ("contrast", numbers[1]),
            ("saturation", numbers[2]),
            ("hue", numbers[3])
        );
        var jitter = new ColorJitter { Normalization = normalization };
        return (jitter.Apply(images, numbers[0], numbers[1], numbers[2], numbers[3]), null);
    }

    private (Tensor, Tensor?) Erasing(PyTorchCases cases)
    {
        var images = Images(2);
        long batch = images.size(0);
        var erasing = new RandomErasing
        {
            MinArea = 0.05,
            MaxArea = 0.9,
            MinRatio = 0.2,
            MaxRatio = 4,
        };
        var chosen = rand(batch).lt(0.8);
        Tensor[] numbers = [rand(batch, 3), rand(batch, 3), rand(batch), rand(batch)];
        cases.Add(
            new()
            {
                ["kind"] = "erasing",
                ["min_area"] = erasing.MinArea,
                ["max_area"] = erasing.MaxArea,
                ["min_ratio"] = erasing.MinRatio,
                ["max_ratio"] = erasing.MaxRatio,
            },
            ("images", images),
            ("chosen", chosen.to_type(ScalarType.Int64)),
            ("areas", numbers[0]),
            ("ratios", numbers[1]),
            ("downs", numbers[2]),
            ("rights", numbers[3])
        );
        var inside = erasing.Inside(images, chosen, numbers[0], numbers[1], numbers[2], numbers[3]);
        return (images.masked_fill(inside, 0), null);
    }

    private static (Tensor, Tensor?) Mix(PyTorchCases cases, int i)
    {
        var (images, targets, order, weight) = Pairs(i);
        cases.Add(
            new() { ["kind"] = "mixup", ["classes"] = Classes },
            ("images", images),
            ("targets", targets),
            ("order", order),
            ("weight", weight)
        );
        return new MixUp { ClassCount = Classes }.Apply(images, targets, order, weight);
    }

    private (Tensor, Tensor?) Cut(PyTorchCases cases, int i)
    {
        var (images, targets, order, weight) = Pairs(i);
        var (down, right) = (tensor(new[] { (long)_random.Next(9) }), tensor(new[] { (long)_random.Next(6) }));
        cases.Add(
            new() { ["kind"] = "cutmix", ["classes"] = Classes },
            ("images", images),
            ("targets", targets),
            ("order", order),
            ("weight", weight),
            ("down", down),
            ("right", right)
        );
        return new CutMix { ClassCount = Classes }.Apply(images, targets, order, weight, down, right);
    }

    private static (Tensor Images, Tensor Targets, Tensor Order, Tensor Weight) Pairs(int i) =>
        (
            randn(5, 2, 9, 6),
            i % 3 == 0 ? rand(5, 2) : randint(0, Classes, [5], dtype: ScalarType.Int64),
            randperm(5),
            rand(1).reshape([])
        );

    private Tensor Images(int channels) => randn(_random.Next(2, 5), channels, _random.Next(6, 12), _random.Next(5, 14));

    private static Tensor Column(double[] numbers) =>
        tensor(numbers).to_type(ScalarType.Float32).reshape(1, numbers.Length, 1, 1);

    private static JsonArray Json(double[] numbers) => [.. numbers.Select(number => JsonValue.Create(number))];
}
