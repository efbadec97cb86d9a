using System.CommandLine;
using System.Text.Json;
using TorchSharp;
using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>What a step over several ranks costs, measured on this machine, and what that makes of 2 to 256 ranks over
/// networks.</summary>
internal static class RanksCommand
{
    public static Command Create()
    {
        var models = ListOption.Of("--models", "Which", RankModel.Names, RankModel.Names);
        var measured = new Option<string?>("--local") { Description = "A file for what is measured; measured before: read" };
        var real = ListOption.Of(
            "--real",
            "Numbers of real ranks to hold the prediction against, over mpirun",
            Array.Empty<int>()
        );
        var mca = new Option<string[]>("--mca") // with commas in a value
        {
            Description = "Settings of Open MPI, such as btl=tcp,self",
            DefaultValueFactory = _ => [],
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("ranks", "Data-parallel training: a step's parts, and 2 to 256 ranks by simulation")
        {
            models,
            measured,
            real,
            mca,
        };
        command.SetAction(line =>
        {
            torch.set_num_threads(1);
            var locals = new List<LocalSteps>();
            foreach (string model in line.GetValue(models)!)
            {
                locals.Add(Local(model, line.GetValue(measured), locals));
            }

            if (line.GetValue(real) is { Length: > 0 } counts)
            {
                Compare(locals, counts, line.GetValue(mca)!);
            }
            else
            {
                RankTables.Print(locals);
            }
        });
        return command;
    }

    private static LocalSteps Local(string model, string? file, List<LocalSteps> measured)
    {
        string? path = file is null ? null : $"{file}.{model}.json";
        if (File.Exists(path))
        {
            return JsonSerializer.Deserialize<LocalSteps>(File.ReadAllText(path))!;
        }

        var local = LocalSteps.Measure(model, measured.Find(other => other.Model == "lenet"));
        if (path is not null)
        {
            File.WriteAllText(path, JsonSerializer.Serialize(local));
        }

        return local;
    }

    /// <summary>Real ranks beside their prediction, over the link that the job itself measures.</summary>
    private static void Compare(List<LocalSteps> locals, int[] counts, string[] mca) =>
        Table.Print([
            ["model", "batch", "ranks", "latency µs", "MB/s", "within MPI, ms", "step, ms", "predicted, ms"],
            .. from local in locals from batch in new[] { 64, 256 } from ranks in counts select Row(local, batch, ranks, mca),
        ]);

    private static string[] Row(LocalSteps local, int batch, int ranks, string[] mca)
    {
        double sample = local.Of(batch, 1).Seconds / batch;
        int steps = Math.Clamp((int)(1.5 / (sample * batch / ranks)), 8, 60);
        var run = RankRun.Start(ranks, mca, local.Model, batch, ranks, steps);
        var own = local.Of(batch, ranks);
        double crowd = Math.Max(1, (double)ranks / Environment.ProcessorCount);
        double predicted = run.Link is null
            ? own.Seconds
            : new RankSimulation(run.Link, ranks).Step(own.Seconds * crowd, own.Spread, own.Calls);
        return
        [
            local.Model,
            RankTables.Text($"{batch}"),
            RankTables.Text($"{ranks}"),
            RankTables.Text($"{1e6 * run.Link?.Latency:f0}"),
            RankTables.Text($"{run.Link?.Bandwidth / 1e6:n0}"),
            run.Link is null ? "" : RankTables.Text($"{1e3 * run.Steps.ExchangeSeconds:f1}"),
            RankTables.Text($"{1e3 * run.Steps.Seconds:f1}"),
            RankTables.Text($"{1e3 * predicted:f1}"),
        ];
    }
}
