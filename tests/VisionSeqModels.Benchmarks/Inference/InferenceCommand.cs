using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VisionSeqModels.Benchmarks.Compare;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Inference;

/// <summary>What an answer of a trained model costs, beside ONNX Runtime on the file that the same model exports. Both take
/// turns within one process, a few calls each, so that the machine's states meet both.</summary>
internal static class InferenceCommand
{
    private const double WarmSeconds = 4;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Turns of each", DefaultValueFactory = _ => 200 };
        var calls = new Option<int>("--calls") { Description = "Calls in a turn", DefaultValueFactory = _ => 20 };
        var threads = new Option<int[]>("--threads")
        {
            Description = "Numbers of threads, each in turn",
            DefaultValueFactory = _ => [1, 2],
            AllowMultipleArgumentsPerToken = true,
        };
        var models = new Option<string[]>("--models")
        {
            Description = "lenet, gru",
            DefaultValueFactory = _ => ["lenet", "gru"],
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("inference", "One input, a batch of 256 and 10,000 images, beside ONNX Runtime")
        {
            rounds,
            calls,
            threads,
            models,
        };
        command.SetAction(line =>
            Run(line.GetValue(models)!, line.GetValue(threads)!, line.GetValue(rounds), line.GetValue(calls))
        );
        return command;
    }

    private static void Run(string[] models, int[] threads, int rounds, int calls)
    {
        var rows = new List<string[]>
        {
            new[]
            {
                "model",
                "threads",
                "what",
                "this library (range)",
                "ONNX Runtime (range)",
                "ratio (95 % interval)",
                "bytes of .NET's heap a call",
            },
        };
        foreach (string model in models)
        {
            foreach (int count in threads)
            {
                set_num_threads(count);
                using AnswerPair pair = model switch
                {
                    "lenet" => new ImagePair(count),
                    "gru" => new SequencePair(count),
                    _ => throw new ArgumentException($"--models must be lenet or gru, but one is '{model}'."),
                };
                rows.Add(Row(model, count, "one input", pair.One, pair.OneByOnnx, rounds, calls));
                rows.Add(Row(model, count, "256 inputs", pair.Batch, pair.BatchByOnnx, Math.Max(3, rounds / 10), 1));
                rows.Add(Row(model, count, "10,000 evaluated", pair.Evaluate, pair.EvaluateByOnnx, Math.Max(3, rounds / 40), 1));
            }
        }

        Table.Print(rows);
    }

    private static string[] Row(string model, int threads, string what, Action own, Action onnx, int rounds, int calls)
    {
        Warm(own, onnx);
        double[] mine = new double[rounds];
        double[] theirs = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            bool ownFirst = (round & 1) == 0;
            double first = Microseconds(ownFirst ? own : onnx, calls);
            double second = Microseconds(ownFirst ? onnx : own, calls);
            (mine[round], theirs[round]) = ownFirst ? (first, second) : (second, first);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        own();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        double[] ratios = [.. mine.Zip(theirs, (one, other) => Math.Log(one / other))];
        double mean = ratios.Average();
        double error = 1.96 * Math.Sqrt(ratios.Sum(ratio => (ratio - mean) * (ratio - mean)) / (rounds - 1) / rounds);
        return
        [
            model,
            threads.ToString(CultureInfo.InvariantCulture),
            what,
            Cell(mine),
            Cell(theirs),
            FormattableString.Invariant($"{Math.Exp(mean):f3} ({Math.Exp(mean - error):f3} to {Math.Exp(mean + error):f3})"),
            bytes.ToString("n0", CultureInfo.InvariantCulture),
        ];
    }

    /// <summary>Calls both until .NET has compiled what is called often a second time.</summary>
    private static void Warm(params Action[] actions)
    {
        long begin = Stopwatch.GetTimestamp();
        do
        {
            Array.ForEach(actions, action => action());
        } while (Stopwatch.GetElapsedTime(begin).TotalSeconds < WarmSeconds);
    }

    private static double Microseconds(Action action, int calls)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int call = 0; call < calls; call++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(begin).TotalMicroseconds / calls;
    }

    private static string Cell(double[] values)
    {
        double[] sorted = [.. values.Order()];
        double median = sorted[sorted.Length / 2];
        return median < 1000
            ? FormattableString.Invariant($"{median:f1} µs ({sorted[0]:f1} to {sorted[^1]:f1})")
            : FormattableString.Invariant($"{median / 1000:f2} ms ({sorted[0] / 1000:f2} to {sorted[^1] / 1000:f2})");
    }
}
