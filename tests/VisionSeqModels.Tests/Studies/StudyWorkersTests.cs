using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The report's section on workers.</summary>
public sealed class StudyWorkersTests : IDisposable
{
    private static readonly WorkerMachine Wide = new()
    {
        Architecture = "X64",
        InstructionSet = "avx512",
        TorchSharp = "1.0",
        Threads = 1,
    };
    private static readonly WorkerMachine Narrow = Wide with { InstructionSet = "avx2" };
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void StudyWithoutALedger_HasNoSuchSection()
    {
        string text = Report(study => Add(study, "a", 9));
        Assert.DoesNotContain("Workers", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Workers", File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);
    }

    /// <summary>By hand: a is promoted before b though b began first, and resumed on another machine.</summary>
    [Fact]
    public void Halving_ShowsPromotionsInTheirOrder_AndMachinesThatDiffer()
    {
        string text = Report(
            study =>
                Add(
                    Add(
                        study,
                        "a",
                        9,
                        Claim(1, 2, "w1", 1),
                        Claim(4, 3, "w1", 3),
                        Claim(7, 5, "w2", null),
                        Claim(9, 9, "w2", null, Narrow)
                    ),
                    "b",
                    3,
                    Claim(1, 1, "w2", 1),
                    Claim(4, 4, "w<b>", 3)
                ),
            halving: true
        );
        Assert.Contains(
            "3 workers made 6 claims, on machines of 2 kinds: A is X64 with avx512, TorchSharp 1.0, 1 threads; B is X64 with "
                + "avx2, TorchSharp 1.0, 1 threads. Machines of different kinds give other bits for the same trial. Trials that "
                + "ran on several kinds: a. Which trials were promoted depends on what had ended by then, and so on the order "
                + "below. The bits of a trial do not.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            """
            | claim | time (UTC) | trial | worker | machine | what |
            | --- | --- | --- | --- | --- | --- |
            | 1 | 2026-01-01 00:00:01 | b | w2 | A | begun, until epoch 1 |
            | 2 | 2026-01-01 00:00:02 | a | w1 | A | begun, until epoch 1 |
            | 3 | 2026-01-01 00:00:03 | a | w1 | A | promoted to epoch 3 |
            | 4 | 2026-01-01 00:00:04 | b | w&lt;b> | A | promoted to epoch 3 |
            | 5 | 2026-01-01 00:00:05 | a | w2 | A | promoted to epoch 9 |
            | 6 | 2026-01-01 00:00:09 | a | w2 | B | resumed |

            """.ReplaceLineEndings("\n"),
            text,
            StringComparison.Ordinal
        );
        string page = File.ReadAllText(_folder["report.html"]);
        Assert.Contains("w&lt;b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("w<b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void ThousandsOfClaims_AreCutWithASentence()
    {
        string text = Report(study => Add(study, "a", 9, [.. Enumerable.Range(1, 600).Select(i => Claim(i, i, "w", null))]));
        Assert.Contains("Here are the first 500 claims; study.json has all of them.", text, StringComparison.Ordinal);
        Assert.Contains("| 500 |", text, StringComparison.Ordinal);
        Assert.DoesNotContain("| 501 |", text, StringComparison.Ordinal);
        Assert.Equal(600, Assert.Single(Study.Open(_folder.Root).Trials).Claims.Count);
    }

    private string Report(Action<MadeUpStudy> fill, bool halving = false)
    {
        var study = new MadeUpStudy(_folder.Root)
        {
            Halving = halving ? new SuccessiveHalvingOptions { MaximumEpochs = 9 } : null,
        };
        fill(study);
        study.Open().WriteReport();
        return File.ReadAllText(_folder["report.md"]);
    }

    private static MadeUpStudy Add(MadeUpStudy study, string setting, int epochs, params LedgerClaim[] claims) =>
        study.Add(setting, [], 1, epochs, epoch => [("test_accuracy", epoch * 0.1)], claims: claims.Length == 0 ? null : claims);

    private static LedgerClaim Claim(long token, int second, string worker, int? until, WorkerMachine? machine = null) =>
        new()
        {
            Token = token,
            Worker = worker,
            Machine = machine ?? Wide,
            Time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second),
            UntilEpoch = until,
        };
}
