using System.Text.Json;
using VisionSeqModels.Samples;
using VisionSeqModels.Visualization;

/// <summary>What becomes of a model's accuracy when the test images are shifted, and its errors by class.</summary>
internal sealed record Robustness
{
    public const string FileName = "robustness.json";
    private const int MostPixels = 6;

    public required string Model { get; init; }

    public required long Seed { get; init; }

    public required double Accuracy { get; init; }

    /// <summary>The fraction of each class's images that the model gets wrong.</summary>
    public required IReadOnlyDictionary<string, double> ErrorsByClass { get; init; }

    /// <summary>The accuracy for each number of pixels: the mean of shifts to the right, to the left, down and up.</summary>
    public required IReadOnlyDictionary<int, double> AccuracyByShift { get; init; }

    public static Robustness Measure(ViewContext view, string model)
    {
        var test = view.Data.Test;
        var matrix = ConfusionMatrix.Measure(view.Model, test, cancellationToken: view.Stop);
        return new Robustness
        {
            Model = model,
            Seed = view.Seed,
            Accuracy = matrix.Accuracy,
            ErrorsByClass = matrix
                .ClassNames.Select((name, c) => (name, c))
                .ToDictionary(x => x.name, x => 1 - matrix.Recall(x.c)),
            AccuracyByShift = Enumerable
                .Range(1, MostPixels)
                .Prepend(0)
                .ToDictionary(pixels => pixels, pixels => pixels == 0 ? matrix.Accuracy : WhenShifted(view, pixels)),
        };
    }

    public void Save(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this) + "\n");

    public static Robustness Read(string path) => JsonSerializer.Deserialize<Robustness>(File.ReadAllText(path))!;

    private static double WhenShifted(ViewContext view, int pixels)
    {
        (int Right, int Down)[] ways = [(pixels, 0), (-pixels, 0), (0, pixels), (0, -pixels)];
        return ways.Average(way =>
        {
            using var moved = MovedImages.Of(view.Data.Test, way.Right, way.Down);
            return ConfusionMatrix.Measure(view.Model, moved, cancellationToken: view.Stop).Accuracy;
        });
    }
}
