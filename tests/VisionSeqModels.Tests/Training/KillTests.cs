using System.Globalization;

namespace VisionSeqModels.Tests.Training;

/// <summary>Child processes that train are killed without warning (SIGKILL) at random instants, within a step or within the
/// writing of a state, and resumed. Six of the runs are killed once; VISIONSEQ_KILLS asks for that many kills of each
/// run.</summary>
public sealed class KillTests
{
    private const int Epochs = 6;

    /// <summary>Other tests use the processor too, and waiting threads must not.</summary>
    private static readonly Dictionary<string, string?> Patient = new() { ["OMP_WAIT_POLICY"] = "passive" };
    private static readonly string? Asked = Environment.GetEnvironmentVariable("VISIONSEQ_KILLS");
    private static readonly int Kills = int.Parse(Asked ?? "1", CultureInfo.InvariantCulture);
    private static readonly int[] FewKinds = [0, 4, 8, 10, 12, 15]; // every model and optimizer

    public static TheoryData<string> Scenarios => [.. Asked is null ? FewKinds.Select(i => Kinds[i]) : Kinds];

    /// <summary>Every model with every optimizer, the features taking turns: 12 runs. And every model with parts that freeze and
    /// unfreeze.</summary>
    private static string[] Kinds =>
        [
            .. ResumeScenario.Models.SelectMany(
                (model, m) =>
                    ResumeScenario.Optimizers.Select(
                        (optimizer, o) =>
                            $"{model}/{optimizer}/{ResumeScenario.Features[((m * 2) + o) % ResumeScenario.Features.Length]}"
                    )
            ),
            $"lenet/adam/{ResumeScenario.Freezing}",
            $"rnn/sgd/{ResumeScenario.Freezing}",
            $"lstm/adamw/{ResumeScenario.Freezing}",
            $"gru/nadam/{ResumeScenario.Freezing}",
        ];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Resume_AfterKillMinus9_IsBitIdenticalToARunInOnePiece(string name)
    {
        using var folder = new TempFolder();
        string whole = RunAndKill(name, folder["whole"], null)!;
        int kills = 0;
        for (int run = 1; kills < Kills; run++)
        {
            Assert.True(run <= 10 * Kills, $"only {kills} kills in {run} runs: the runs end before they are killed");
            string? sum = null;
            while (sum is null)
            {
                sum = RunAndKill(name, folder[$"run{run}"], kills < Kills ? Random.Shared.Next(0, 250) : null);
                kills += sum is null ? 1 : 0;
            }

            Assert.Equal(whole, sum);
        }
    }

    /// <summary>The child's sum, or null where it was killed first.</summary>
    private static string? RunAndKill(string scenario, string folder, int? milliseconds)
    {
        using var child = ChildProgram.Start(Patient, scenario, folder, Epochs.ToString(CultureInfo.InvariantCulture));
        var errors = child.StandardError.ReadToEndAsync();
        string output = "";
        bool killed = false;
        if (milliseconds is int delay)
        {
            output = child.StandardOutput.ReadLine() ?? "";
            if (output == ChildProgram.Ready)
            {
                killed = !child.WaitForExit(delay);
                child.Kill();
            }
        }

        output += child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        int done = output.IndexOf(ChildProgram.Done, StringComparison.Ordinal);
        Assert.True(done >= 0 || killed, $"the child failed: {output}{errors.Result}");
        return done >= 0 ? output[(done + ChildProgram.Done.Length)..].Trim() : null;
    }
}
