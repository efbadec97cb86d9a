using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using VisionSeqModels.Benchmarks.History;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>Trains in several ways at once, a few steps each in turn, so that the machine's states cancel; prints the ratios
/// with their confidence intervals.</summary>
internal static class InterleavedCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static Command Create()
    {
        var models = ListOption.Of("--models", "Which", Workload.Names, Workload.Names);
        var threads = ListOption.Of("--threads", "Threads of libtorch and of PyTorch; each in turn", Environment.ProcessorCount);
        var rounds = new Option<int>("--rounds") { Description = "Rounds that count", DefaultValueFactory = _ => 21 };
        var blocks = new Option<int>("--blocks") { Description = "Blocks of a round", DefaultValueFactory = _ => 12 };
        var steps = new Option<int>("--steps") { Description = "Timed steps of a block", DefaultValueFactory = _ => 14 };
        var settling = new Option<int>("--settling") { Description = "Steps before them", DefaultValueFactory = _ => 2 };
        var data = new Option<string?>("--data-dir")
        {
            Description = "A folder with CIFAR-10 and MNIST; drawn images without it",
        };
        var device = new Option<string>("--device")
        {
            Description = "cpu, or a GPU as cuda; there only the loop by hand and PyTorch stand beside Trainer.Fit",
            DefaultValueFactory = _ => "cpu",
        };
        var asGpu = new Option<bool>("--as-gpu") { Description = "Handles the CPU as a GPU: a rehearsal, no measurement" };
        var json = new Option<string?>("--json") { Description = "A file for the times of every round, and the ratios" };
        var history = new Option<string?>("--history")
        {
            Description = "A file that gets a line with the ratios of this commit; it must be checked out without changes",
        };
        var command = new Command("interleave", "Trainer.Fit beside other loops and PyTorch, a few steps each in turn")
        {
            models,
            threads,
            rounds,
            blocks,
            steps,
            settling,
            data,
            device,
            asGpu,
            json,
            history,
        };
        command.SetAction(line =>
        {
            var plan = new BlockPlan(line.GetValue(rounds), line.GetValue(blocks), line.GetValue(steps), line.GetValue(settling));
            var machine = Machine.Describe();
            if (line.GetValue(history) is string kept && HistoryRecorder.Refusal(kept, machine.Processor) is string refusal)
            {
                Console.Error.WriteLine(refusal);
                return 1;
            }

            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{machine.Processor}, load {machine.LoadBefore} before; PyTorch {machine.PyTorch ?? "is missing"}; "
                        + $"{plan.Rounds} rounds of {plan.Blocks} blocks of {plan.Steps} steps, {plan.Settling} before each; "
                        + $"batches of {Workload.BatchSize}, Adam\n"
                )
            );
            var results = new List<InterleavedResult>();
            foreach (int count in line.GetValue(threads)!)
            {
                set_num_threads(count);
                foreach (string model in line.GetValue(models)!)
                {
                    results.Add(
                        new(
                            model,
                            count,
                            InterleavedRun.Measure(model, plan, line.GetValue(data), line.GetValue(device)!, line.GetValue(asGpu))
                        )
                    );
                    results[^1].Print();
                }
            }

            if (line.GetValue(json) is string file)
            {
                var content = new
                {
                    machine,
                    plan,
                    batchSize = Workload.BatchSize,
                    results,
                };
                File.WriteAllText(file, JsonSerializer.Serialize(content, Indented));
            }

            if (line.GetValue(history) is string lines)
            {
                HistoryRecorder.Append(lines, machine, plan.Rounds, results);
            }

            return 0;
        });
        command.Validators.Add(result =>
        {
            bool isCpu = result.GetValue(device) is null or "cpu" && !result.GetValue(asGpu);
            if (result.GetValue(history) is not null && !isCpu)
            {
                result.AddError("--history is of the CPU's times; leave --device and --as-gpu away.");
            }
        });
        return command;
    }
}
