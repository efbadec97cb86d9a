using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What the section on workers says, without a page around it.</summary>
public sealed class WorkersTableTests
{
    private static readonly WorkerMachine Machine = MadeUpMachine.Any;

    [Fact]
    public void OneWorkerOnOneMachine_IsSaidInOneSentence()
    {
        var workers = Of(null, ("a", [Claim(1, 1)]));
        Assert.Equal(
            ["1 worker made 1 claim, on machines of one kind: X64 with avx2, TorchSharp 1.0, 1 threads."],
            workers.Sentences
        );
        Assert.Equal(["claim", "time (UTC)", "trial", "worker", "what"], workers.Columns);
        Assert.Equal(
            [
                ["1", "2026-01-01 00:00:01", "a", "w", "begun"],
            ],
            workers.Cells
        );
    }

    [Fact]
    public void Page_HasTheSentences_AndATableToSort()
    {
        using var folder = new TempFolder();
        var page = new ReportPage("page");
        Of(null, ("a", [Claim(1, 1)])).AddTo(page);
        page.Save(folder["page.html"]);
        Assert.Contains(
            "<h2>Workers</h2>\n<p>1 worker made 1 claim, on machines of one kind: X64 with avx2, TorchSharp 1.0, 1 threads.</p>\n"
                + "<div class=\"table tools\">",
            File.ReadAllText(folder["page.html"]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void NoClaim_IsNoSection()
    {
        var workers = Of(null, ("a", []));
        Assert.Empty(workers.Sentences);
        Assert.Empty(workers.Cells);
    }

    [Fact]
    public void ClaimsOfTheSameMoment_AreInTheOrderOfFoldersAndTokens()
    {
        var workers = Of(null, ("b", [Claim(2, 1), Claim(1, 1)]), ("a", [Claim(3, 1), Claim(9, 0)]));
        Assert.Equal(
            [("a", "resumed"), ("a", "begun"), ("b", "resumed"), ("b", "begun")],
            workers.Cells.Select(row => (row[2], row[4]))
        );
        Assert.Equal(["1", "2", "3", "4"], workers.Cells.Select(row => row[0]));
    }

    [Fact]
    public void KindsOfMachines_HaveLetters_TwoFromTheTwentySeventhOn()
    {
        var workers = Of(
            null,
            ("a", [.. Enumerable.Range(0, 28).Select(i => Claim(i, i, machine: Machine with { Threads = i + 1 }))])
        );
        Assert.Equal(["claim", "time (UTC)", "trial", "worker", "machine", "what"], workers.Columns);
        string[] letters = [.. workers.Cells.Select(row => row[4])];
        Assert.Equal(("A", "B", "Z", "AA", "AB"), (letters[0], letters[1], letters[25], letters[26], letters[27]));
        Assert.StartsWith(
            "1 worker made 28 claims, on machines of 28 kinds: A is X64 with avx2, TorchSharp 1.0, 1 threads; B is ",
            workers.Sentences[0],
            StringComparison.Ordinal
        );
        Assert.Equal(
            "Machines of different kinds give other bits for the same trial. Trials that ran on several kinds: a.",
            workers.Sentences[1]
        );
    }

    [Fact]
    public void TrialsEachOnOneKind_AreNotMixed()
    {
        var workers = Of(null, ("a", [Claim(1, 1)]), ("b", [Claim(1, 2, machine: Machine with { CudaIsAvailable = true })]));
        Assert.Equal("Machines of different kinds give other bits for the same trial.", workers.Sentences[1]);
        Assert.EndsWith("B is X64 with avx2, TorchSharp 1.0, 1 threads, CUDA.", workers.Sentences[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Halving_SaysHowFarEachClaimWent()
    {
        var workers = Of(
            new SuccessiveHalvingOptions { MaximumEpochs = 9 },
            ("a", [Claim(1, 1, 1), Claim(2, 2, 3), Claim(3, 3, 3), Claim(4, 4)])
        );
        Assert.Equal(
            ["begun, until epoch 1", "promoted to epoch 3", "resumed", "promoted to epoch 9"],
            workers.Cells.Select(row => row[4])
        );
        Assert.StartsWith("Which trials were promoted depends on ", workers.Sentences[1], StringComparison.Ordinal);
        Assert.Equal(2, workers.Sentences.Count);
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(501, 2)]
    public void MoreThanFiveHundredClaims_AreCut(int claims, int sentences)
    {
        var workers = Of(null, ("a", [.. Enumerable.Range(0, claims).Select(i => Claim(i, i))]));
        Assert.Equal((500, sentences), (workers.Cells.Count, workers.Sentences.Count));
        Assert.Contains($" made {claims} claims, ", workers.Sentences[0], StringComparison.Ordinal);
    }

    private static StudyWorkers Of(SuccessiveHalvingOptions? halving, params (string Setting, LedgerClaim[] Claims)[] trials) =>
        new(
            new StudySummary(
                TheStudy with
                {
                    Halving = halving,
                },
                [.. trials.Select(trial => Trial(trial.Setting, 1) with { Claims = trial.Claims })]
            )
        );

    private static LedgerClaim Claim(long token, int second, int? until = null, WorkerMachine? machine = null) =>
        new()
        {
            Token = token,
            Worker = "w",
            Machine = machine ?? Machine,
            Time = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)).AddSeconds(second),
            UntilEpoch = until,
        };
}
