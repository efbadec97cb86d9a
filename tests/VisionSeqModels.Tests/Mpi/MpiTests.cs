using VisionSeqModels.Mpi;

namespace VisionSeqModels.Tests.Mpi;

/// <summary>Training over Open MPI, with ranks that are processes of their own.</summary>
[Collection("Torch")]
public sealed class MpiTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("VISIONSEQ_LONG") == "1";

    /// <summary>The long form has two and four ranks, too: VISIONSEQ_LONG=1.</summary>
    [MpiFact]
    public void AnyNumberOfRanks_GivesTheBitsOfOneProcess()
    {
        string[] alone = Output(0, "models");
        Assert.Equal(ShardScenario.Models.Length, alone.Length);
        foreach (int ranks in IsLong ? [1, 2, 3, 4] : new[] { 1, 3 })
        {
            string[] lines = Output(ranks, "models");
            Assert.Equal(ranks * alone.Length, lines.Length);
            Assert.Equal(alone.Order(StringComparer.Ordinal), lines.Distinct().Order(StringComparer.Ordinal));
        }
    }

    [MpiFact(NeedsHosts = true)]
    public void EightRanksOnFourHosts_GiveTheBitsOfOneProcess()
    {
        using var hosts = new MpiHosts(4);
        using var job = MpiJob.Start(hosts, 4, 2, "models");
        var (status, output, error) = job.End();
        Assert.True(status == 0, $"{status}: {string.Join('\n', output)}{error}");
        Assert.Equal(8 * ShardScenario.Models.Length, output.Length);
        Assert.Equal(Output(0, "models").Order(StringComparer.Ordinal), output.Distinct().Order(StringComparer.Ordinal));
    }

    [MpiFact(NeedsHosts = true)]
    public void AKilledRankOfFourHosts_EndsTheJob_AndTwoHostsResumeIt_ToTheSameBits()
    {
        using var folder = new TempFolder();
        using var hosts = new MpiHosts(4);
        string whole = Output(0, "whole", folder["whole"]).Single();
        using (var job = MpiJob.Start(hosts, 4, 1, "kill", folder["run"]))
        {
            Assert.Equal(MpiRankProgram.Killing, job.ReadLine());
            Assert.NotEqual(0, job.End(TimeSpan.FromSeconds(10)).Status);
        }

        hosts.WaitUntilIdle();
        using var resumed = MpiJob.Start(hosts, 2, 1, "kill", folder["run"]);
        var (status, output, error) = resumed.End();
        Assert.True(status == 0, $"{status}: {string.Join('\n', output)}{error}");
        Assert.Equal([whole, whole], output);
    }

    [MpiFact]
    public void ARankThatThrows_EndsTheJobWithItsMessage()
    {
        using var folder = new TempFolder();
        using var job = MpiJob.Start(3, "throw", folder["run"]);
        var (status, _, error) = job.End();
        Assert.NotEqual(0, status);
        Assert.Contains(
            "Rank 1 failed, which ends the job: The callback EndsAt failed in OnStepEnd at epoch 2, step 4: "
                + "the disk is made of cheese",
            error,
            StringComparison.Ordinal
        );
    }

    [MpiFact]
    public void AKilledRank_EndsTheJob_AndTheSameCommandResumes()
    {
        using var folder = new TempFolder();
        string whole = Output(0, "whole", folder["whole"]).Single();
        using (var job = MpiJob.Start(3, "kill", folder["run"]))
        {
            Assert.Equal(MpiRankProgram.Killing, job.ReadLine());
            Assert.NotEqual(0, job.End(TimeSpan.FromSeconds(10)).Status);
        }

        Assert.Equal([whole, whole, whole], Output(3, "kill", folder["run"]));
    }

    [MpiFact]
    public void Ranks_ThatDiffer_AreRefusedBeforeTheFirstStep()
    {
        Assert.Contains("differs from rank 0 in option batch_size: 17, not 16.", Error(2, "options"), StringComparison.Ordinal);
        Assert.Contains(
            "differs from rank 0 in training data: \"54 samples of bands\", not \"53 samples of bands\".",
            Error(2, "data"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WithoutMpirun_TheProgramIsTheOnlyRank()
    {
        string[] args = ["--quick"];
        int status = MpiRun.Start(
            args,
            run =>
            {
                Assert.Equal((0, 1), (run.Rank, run.Size));
                Assert.Same(args, run.Args);
                Assert.Same(Console.Out, run.Out);
                return 7;
            },
            new MpiRunOptions { Threads = TorchSharp.torch.get_num_threads() }
        );
        Assert.Equal(7, status);
    }

    private static string[] Output(int ranks, params string[] arguments)
    {
        using var job = MpiJob.Start(ranks, arguments);
        var (status, output, error) = job.End();
        Assert.True(status == 0, $"{status}: {string.Join('\n', output)}{error}");
        return output;
    }

    private static string Error(int ranks, params string[] arguments)
    {
        using var job = MpiJob.Start(ranks, arguments);
        var (status, output, error) = job.End();
        Assert.NotEqual(0, status);
        Assert.Empty(output);
        return error;
    }
}
