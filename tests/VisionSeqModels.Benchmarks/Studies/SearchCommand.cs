using System.CommandLine;
using System.Globalization;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Benchmarks.Studies;

/// <summary>How near TPE and random search come to the minimum of some functions: the table of docs/studies.md.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "Searches of each function", DefaultValueFactory = _ => 50 };
        var points = new Option<int>("--points") { Description = "Points of each search", DefaultValueFactory = _ => 60 };
        var command = new Command("search", "TPE and random search on six closed-form functions: medians over seeds")
        {
            seeds,
            points,
        };
        command.SetAction(line => Run(line.GetValue(seeds), line.GetValue(points)));
        return command;
    }

    private static void Run(int seeds, int points)
    {
        Console.WriteLine(
            $"| function, {points} points | minimum | random, median of {seeds} seeds | TPE, median | seeds where TPE is nearer |"
        );
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var function in SearchFunctions.All)
        {
            double[] random = SearchFunctions.Minimize(function, () => new SearchFunctions.RandomSampler(), points, seeds),
                tpe = SearchFunctions.Minimize(function, () => new TpeSampler(), points, seeds);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {function.Name} | {function.Least:f3} | {SearchFunctions.Median(random):f3} | "
                        + $"{SearchFunctions.Median(tpe):f3} | {random.Zip(tpe).Count(pair => pair.Second < pair.First)} |"
                )
            );
        }
    }
}
