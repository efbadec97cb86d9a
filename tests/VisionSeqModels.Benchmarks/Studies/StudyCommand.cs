using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.Studies;

/// <summary>Eight small recurrent trials, one after another and at once, as threads and as processes; in turn, several
/// rounds, each in processes of its own.</summary>
internal static class StudyCommand
{
    private const int Trials = StudyRun.Trials;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Times that everything is run", DefaultValueFactory = _ => 5 };
        var images = new Option<int>("--images")
        {
            Description = "Images of 28×28 that each trial sees once",
            DefaultValueFactory = _ => 60_000,
        };
        var atOnce = new Option<int>("--parallel")
        {
            Description = "Trials at once, and threads of those one after another",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var command = new Command("study", "Eight small recurrent trials of a study, one after another and at once")
        {
            rounds,
            images,
            atOnce,
        };
        command.SetAction(line => Run(line.GetValue(rounds), line.GetValue(images), line.GetValue(atOnce)));
        return command;
    }

    private static void Run(int rounds, int images, int atOnce)
    {
        Way[] ways =
        [
            new($"one after another, {atOnce} threads", () => StudyRun.Measure(images, parallel: 1, threads: atOnce, 0, Trials)),
            new("one after another, 1 thread", () => StudyRun.Measure(images, parallel: 1, threads: 1, 0, Trials)),
            new($"{atOnce} at once, 1 thread each (threads)", () => StudyRun.Measure(images, atOnce, threads: 1, 0, Trials)),
            new($"{atOnce} at once, 1 thread each (processes)", () => Processes(images, atOnce)),
        ];
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Machine.Describe().Processor}, {Environment.ProcessorCount} cores; {Trials} trials (RNN and GRU of "
                    + $"32, 64, 96, 128 units) of an epoch over {images:n0} images of 28×28 ({images * 784 / 1e6:f0} MB), "
                    + $"{rounds} rounds"
            )
        );
        for (int round = 0; round < rounds; round++)
        {
            Array.ForEach(ways, way => way.Runs.Add(way.Measure()));
        }

        Table.Print([
            ["eight trials", "median s (range)", "times sooner than the first", "peak MB", "losses are those of 1 thread"],
            .. ways.Select(way =>
                new[]
                {
                    way.Name,
                    Text($"{way.Median:f1} ({way.Runs.Min(run => run.Seconds):f1} to {way.Runs.Max(run => run.Seconds):f1})"),
                    Text($"{ways[0].Median / way.Median:f2}"),
                    Text($"{way.Runs.Max(run => run.PeakMemory) / 1e6:f0}"),
                    way.Runs.All(run => run.Losses.SequenceEqual(ways[1].Runs[0].Losses)) ? "bit for bit" : "no",
                }
            ),
        ]);
    }

    /// <summary>The trials dealt out to processes, each with the data once more.</summary>
    private static StudyRun Processes(int images, int count)
    {
        long begin = Stopwatch.GetTimestamp();
        var runs = Enumerable
            .Range(0, count)
            .Select(i =>
                Task.Run(() => StudyRun.Measure(images, parallel: 1, threads: 1, Trials * i / count, Trials * (i + 1) / count))
            )
            .ToList();
        var results = Task.WhenAll(runs).GetAwaiter().GetResult();
        return new StudyRun(
            Stopwatch.GetElapsedTime(begin).TotalSeconds,
            results.Sum(run => run.PeakMemory),
            [.. results.SelectMany(run => run.Losses)]
        );
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private sealed record Way(string Name, Func<StudyRun> Measure)
    {
        public List<StudyRun> Runs { get; } = [];

        public double Median => Runs.Select(run => run.Seconds).Order().ElementAt(Runs.Count / 2);
    }
}
