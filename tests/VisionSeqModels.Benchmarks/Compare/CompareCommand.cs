using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TorchSharp;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>Runs the loops in turn, several rounds, and prints medians and their ratios.</summary>
internal static class CompareCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static Command Create()
    {
        var models = ListOption.Of("--models", "Which", Workload.Names, Workload.Names);
        var rounds = new Option<int>("--rounds") { Description = "Times that every loop is run", DefaultValueFactory = _ => 7 };
        var steps = new Option<int>("--steps")
        {
            Description = "Steps that are timed; as many before them warm up",
            DefaultValueFactory = _ => 782,
        };
        var threads = new Option<int>("--threads")
        {
            Description = "Threads of libtorch and of PyTorch",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var data = new Option<string?>("--data-dir")
        {
            Description = "A folder with CIFAR-10 and MNIST; drawn images without it",
        };
        var json = new Option<string?>("--json") { Description = "A file for the times of every round" };
        var extra = new Option<bool>("--extra") { Description = "For LeNet also TorchSharp's own modules, and bfloat16" };
        var command = new Command("compare", "Trainer.Fit beside loops by hand, TorchSharp's DataLoader and PyTorch")
        {
            models,
            rounds,
            steps,
            threads,
            data,
            json,
            extra,
        };
        command.Subcommands.Add(MemoryCommand.Create());
        command.SetAction(line =>
        {
            set_num_threads(line.GetValue(threads));
            var machine = Machine.Describe();
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{machine.Processor}, {machine.Threads} threads, load {machine.LoadBefore} before; PyTorch "
                        + $"{machine.PyTorch ?? "is missing"}; batches of {Workload.BatchSize}, Adam, "
                        + $"{line.GetValue(steps)} steps, {line.GetValue(rounds)} rounds\n"
                )
            );
            var results = new Dictionary<string, Dictionary<string, double[]>>();
            foreach (string name in line.GetValue(models)!)
            {
                results[name] = Compare(
                    name,
                    line.GetValue(rounds),
                    line.GetValue(steps),
                    line.GetValue(data),
                    line.GetValue(extra)
                );
            }

            var memory = results.ContainsKey("lenet") ? MemoryRun.Measure(line.GetValue(data), line.GetValue(threads)) : [];
            if (memory.Count > 0)
            {
                Table.Print([
                    ["LeNet, 50,000 + 10,000 images, 2 epochs", "peak memory, MB"],
                    .. memory.Select(row => new[] { row.Key, (row.Value / 1_000_000).ToString(CultureInfo.InvariantCulture) }),
                ]);
            }

            if (line.GetValue(json) is string file)
            {
                var content = new
                {
                    machine,
                    steps = line.GetValue(steps),
                    batchSize = Workload.BatchSize,
                    millisecondsAStep = results,
                    peakMemoryBytes = memory,
                };
                File.WriteAllText(file, JsonSerializer.Serialize(content, Indented));
            }
        });
        return command;
    }

    /// <summary>Milliseconds a step of every round, by loop.</summary>
    private static Dictionary<string, double[]> Compare(string name, int rounds, int steps, string? dataDirectory, bool extra)
    {
        using var images = Workload.Load(name, steps * Workload.BatchSize, dataDirectory);
        using var samples = new SampleTensors(images);
        using var scope = NewDisposeScope(); // keeps the batches
        var work = new Workload(name, images);
        (Tensor Inputs, Tensor Targets)[] batches =
        [
            .. images
                .Read(
                    new BatchRequest
                    {
                        BatchSize = Workload.BatchSize,
                        Shuffle = true,
                        Seed = 1,
                    }
                )
                .Select(batch => (batch.Inputs, batch.Targets)),
        ];
        steps = batches.Length; // fewer where a folder has fewer images
        string raw = Directory.CreateTempSubdirectory("visionseq-compare-").FullName;
        PyTorch.Write(images, raw);
        List<Measurement> loops =
        [
            new("Trainer.Fit", () => Loops.Trainer(work.Model(), images, withRunFolder: false)),
            new("Trainer.Fit, run folder and its callbacks", () => Loops.Trainer(work.Model(), images, withRunFolder: true)),
            new("by hand, batches made beforehand", () => Loops.ByHand(work.Model(), batches)),
            new("by hand, TorchSharp's DataLoader", () => Loops.ByExample(work.Model(), samples)),
        ];
        var python = PyTorch.Version is null
            ? null
            : new Measurement(
                "PyTorch",
                () =>
                    PyTorch
                        .Train("--model", name, "--raw", raw, "--epochs", "2", "--threads", PyTorch.Text(get_num_threads()))
                        .GetProperty("seconds")
                        .GetDouble()
            );
        loops.AddRange(python is null ? [] : [python]);
        if (extra && name == "lenet")
        {
            (Tensor, Tensor)[] half = [.. batches.Select(batch => (batch.Inputs.to_type(ScalarType.BFloat16), batch.Targets))];
            loops.Add(new("by hand, TorchSharp's modules alone", () => Loops.ByHand(Workload.PlainLeNet(), batches)));
            loops.Add(new("by hand, bfloat16", () => Loops.ByHand(work.Model().to(ScalarType.BFloat16), half)));
        }

        for (int round = 0; round < rounds; round++)
        {
            Measurement[] order = [.. loops];
            new Random(round).Shuffle(order); // what ran before matters: none comes always after the same
            Array.ForEach(order, loop => loop.RunOnce());
        }

        Directory.Delete(raw, recursive: true);
        Table.Print([
            [$"{name}, {steps} steps", "median ms a step (range)", "of by hand", "of DataLoader", "of PyTorch"],
            .. loops.Select(loop => loop.Row(steps, loops[2], loops[3], python)),
        ]);
        return loops.ToDictionary(loop => loop.Name, loop => loop.Seconds.Select(seconds => 1000 * seconds / steps).ToArray());
    }
}
