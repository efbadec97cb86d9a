using System.Globalization;
using System.Text.Json;
using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.Recipes;

/// <summary>A training by a recipe, with one seed.</summary>
/// <param name="Accuracies">On the test images, after each epoch.</param>
/// <param name="Seconds">Of training since the begin, batching included and evaluation not, after each epoch.</param>
internal sealed record RecipeRun(IReadOnlyList<double> Accuracies, IReadOnlyList<double> Seconds)
{
    public double Final => Accuracies[^1];

    /// <summary>The seconds of training until an epoch ended with such an accuracy; null where none did.</summary>
    public double? SecondsTo(double accuracy)
    {
        int epoch = Accuracies.ToList().FindIndex(value => value >= accuracy);
        return epoch < 0 ? null : Seconds[epoch];
    }

    public static RecipeRun Here(Recipe recipe, ImageDatasets data, long seed)
    {
        using var model = VisionModels.LeNet(recipe.Model(data, seed));
        var history = new Trainer(recipe.Options(seed)).Fit(model, data.Train, data.Test);
        return From(history.Epochs.Select(epoch => (epoch["test_accuracy"]!.Value, epoch.Seconds)));
    }

    public static RecipeRun InPyTorch(Recipe recipe, string folder, long seed, int threads)
    {
        string settings = JsonSerializer.Serialize(recipe, JsonSerializerOptions.Web);
        string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
        return From(
            PyTorch
                .Lines("recipe.py", settings, "--data-dir", folder, "--seed", Text(seed), "--threads", Text(threads))
                .Select(line => (line.GetProperty("test_accuracy").GetDouble(), line.GetProperty("seconds").GetDouble()))
        );
    }

    private static RecipeRun From(IEnumerable<(double Accuracy, double Seconds)> epochs)
    {
        var all = epochs.ToList();
        double sum = 0;
        return new([.. all.Select(epoch => epoch.Accuracy)], [.. all.Select(epoch => sum += epoch.Seconds)]);
    }
}
