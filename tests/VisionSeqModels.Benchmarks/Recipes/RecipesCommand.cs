using System.CommandLine;
using System.Globalization;
using VisionSeqModels.Benchmarks.Compare;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Recipes;

/// <summary>Seconds of training until a test accuracy is reached, here and in PyTorch by the same recipe, in turn seed by
/// seed.</summary>
internal static class RecipesCommand
{
    private static readonly Recipe[] All = [Recipe.Mnist, Recipe.Cifar10];

    public static Command Create()
    {
        var data = new Option<string>("--data-dir") { Description = "The folder with MNIST and CIFAR-10", Required = true };
        string[] names = [.. All.Select(recipe => recipe.Data)];
        var recipes = ListOption.Of("--recipes", "Which", names, names);
        Option<int> Number(string name, string description, int value) =>
            new(name) { Description = description, DefaultValueFactory = _ => value };
        var seeds = Number("--seeds", "Seeds, from 1 on", 10);
        var threads = Number("--threads", "libtorch's threads, in both", 2);
        var alone = new Option<bool>("--alone") { Description = "Without PyTorch" };
        var command = new Command("recipes", "Seconds until an accuracy is reached, beside PyTorch")
        {
            data,
            recipes,
            seeds,
            threads,
            alone,
        };
        command.SetAction(line =>
        {
            set_num_threads(line.GetValue(threads));
            string folder = line.GetRequiredValue(data);
            Console.WriteLine($"{Machine.Describe().Processor}, threads: {line.GetValue(threads)}\n");
            foreach (var recipe in All.Where(recipe => line.GetValue(recipes)!.Contains(recipe.Data)))
            {
                Run(recipe, folder, line.GetValue(seeds), line.GetValue(alone) ? 0 : line.GetValue(threads));
            }
        });
        return command;
    }

    private static void Run(Recipe recipe, string folder, int seeds, int threadsOfPyTorch)
    {
        var options = new DatasetOptions { Download = false };
        using var data =
            recipe.Data == Recipe.Mnist.Data ? Mnist.Load(Path.Combine(folder, "mnist"), options) : Cifar10.Load(folder, options);
        var (own, other) = (new List<RecipeRun>(), new List<RecipeRun>());
        for (int seed = 1; seed <= seeds; seed++)
        {
            own.Add(RecipeRun.Here(recipe, data, seed));
            Console.WriteLine(Line("VisionSeqModels", seed, own[^1]));
            if (threadsOfPyTorch > 0)
            {
                other.Add(RecipeRun.InPyTorch(recipe, folder, seed, threadsOfPyTorch));
                Console.WriteLine(Line("PyTorch", seed, other[^1]));
            }
        }

        Console.WriteLine();
        Table.Print([
            [
                $"{recipe.Data}, {Text(recipe.Target, "f3")}",
                "seeds that reach it",
                "seconds to it (range)",
                "accuracy at the end",
            ],
            Row("VisionSeqModels", recipe, own),
            .. other.Count == 0 ? [] : new[] { Row($"PyTorch {PyTorch.Version}", recipe, other) },
        ]);
        double[][] reached = [.. new[] { own, other }.Select(runs => Reached(runs, recipe).ToArray())];
        if (reached[0].Length == seeds && reached[1].Length == seeds)
        {
            Console.WriteLine($"VisionSeqModels / PyTorch, seconds: {RatioInterval.Of(reached[0], reached[1])}\n");
        }
    }

    private static IEnumerable<double> Reached(IEnumerable<RecipeRun> runs, Recipe recipe) =>
        runs.Select(run => run.SecondsTo(recipe.Target)).OfType<double>();

    private static string[] Row(string name, Recipe recipe, IReadOnlyList<RecipeRun> runs)
    {
        double[] seconds = [.. Reached(runs, recipe)];
        double mean = runs.Average(run => run.Final),
            deviation = Math.Sqrt(runs.Sum(run => Math.Pow(run.Final - mean, 2)) / Math.Max(1, runs.Count - 1));
        return
        [
            name,
            FormattableString.Invariant($"{seconds.Length} of {runs.Count}"),
            seconds.Length == 0
                ? ""
                : FormattableString.Invariant($"{RatioInterval.Median(seconds):f1} ({seconds.Min():f1} to {seconds.Max():f1})"),
            FormattableString.Invariant($"{mean:f4} ± {deviation:f4}"),
        ];
    }

    private static string Line(string name, int seed, RecipeRun run) =>
        $"{name}, seed {Text(seed, "f0")}: "
        + string.Join(", ", run.Accuracies.Zip(run.Seconds, (a, s) => $"{Text(a, "f4")} after {Text(s, "f1")} s"));

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
