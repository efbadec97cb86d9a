using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VisionSeqModels.Mpi;

namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>What a job of real ranks measured.</summary>
internal sealed record RankRun(RankLink? Link, RankSteps Steps)
{
    /// <summary>Runs a job over Open MPI on this machine.</summary>
    /// <param name="ranks">How many.</param>
    /// <param name="mca">Settings of Open MPI, such as <c>btl=tcp,self</c>.</param>
    /// <param name="arguments">Model, batch, shards and steps.</param>
    public static RankRun Start(int ranks, IEnumerable<string> mca, params object[] arguments)
    {
        string[] own = [.. arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)!)];
        var start = new ProcessStartInfo(
            "mpirun",
            [
                "-n",
                ranks.ToString(CultureInfo.InvariantCulture),
                "--map-by",
                ":OVERSUBSCRIBE",
                "--bind-to",
                "none",
                Environment.ProcessPath!,
                "ranks-run",
                .. own,
            ]
        )
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["OMPI_ALLOW_RUN_AS_ROOT"] = "1",
                ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1",
                ["OMPI_MCA_btl_vader_single_copy_mechanism"] = "none", // containers forbid the other one
                ["TERM"] = "dumb",
                ["OMP_WAIT_POLICY"] = "PASSIVE",
            },
        };
        foreach (string[] setting in mca.Select(text => text.Split('=', 2)))
        {
            start.Environment[$"OMPI_MCA_{setting[0]}"] = setting[1];
        }

        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<RankRun>(output)!
            : throw new InvalidOperationException("The ranks failed; what they said stands above.");
    }

    /// <summary>A rank's side; hidden, since <c>ranks</c> starts it.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model");
        var batch = new Argument<int>("batch");
        var shards = new Argument<int>("shards");
        var steps = new Argument<int>("steps");
        var command = new Command("ranks-run") { model, batch, shards, steps };
        command.Hidden = true;
        command.SetAction(line =>
            MpiRun.Start(
                [],
                run =>
                {
                    var link = run.Size == 1 ? null : RankLink.Measure(run.Exchange);
                    var exchange = run.Size == 1 ? null : run.Exchange;
                    RankSteps.Prepare(line.GetValue(model)!, exchange);
                    var measured = RankSteps.Measure(
                        line.GetValue(model)!,
                        line.GetValue(batch),
                        line.GetValue(shards),
                        line.GetValue(steps),
                        exchange
                    );
                    if (run.Rank == 0)
                    {
                        run.Out.WriteLine(JsonSerializer.Serialize(new RankRun(link, measured)));
                    }
                }
            )
        );
        return command;
    }
}
