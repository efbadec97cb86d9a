using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A trial's log entry by entry, and the rule of machines.</summary>
public sealed class LedgerPartsTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly WorkerMachine Machine = new()
    {
        Architecture = "X64",
        InstructionSet = "avx2",
        TorchSharp = "1.0",
        Threads = 2,
    };

    [Fact]
    public void EmptyLog_IsOfAFreeTrial()
    {
        var log = new TrialLog("x");
        Assert.Equal(
            (0, false, false, LedgerTrialStatus.Released, 0, 0),
            (log.Length, log.IsOpen, log.IsOver, log.Status, log.Files, log.Lost)
        );
        Assert.Equal((null, null, null), (log.Claim, log.Position, log.Reason));
        Assert.Empty(log.Claims);
    }

    [Fact]
    public void Claim_OpensIt_PublishedKeepsItOpen_OthersCloseIt()
    {
        var claimed = Log(At(LedgerEntryKind.Claimed, 1));
        Assert.Equal(
            (1, true, false, LedgerTrialStatus.Claimed),
            (claimed.Length, claimed.IsOpen, claimed.IsOver, claimed.Status)
        );
        var published = Log(At(LedgerEntryKind.Claimed, 1), At(LedgerEntryKind.Published, 1));
        Assert.Equal(
            (2, true, false, LedgerTrialStatus.Claimed),
            (published.Length, published.IsOpen, published.IsOver, published.Status)
        );
        (LedgerEntryKind Kind, LedgerTrialStatus Status, bool IsOver)[] ends =
        [
            (LedgerEntryKind.Completed, LedgerTrialStatus.Completed, true),
            (LedgerEntryKind.Failed, LedgerTrialStatus.Failed, true),
            (LedgerEntryKind.Released, LedgerTrialStatus.Released, false),
        ];
        Assert.All(
            ends,
            end =>
            {
                var log = Log(At(LedgerEntryKind.Claimed, 1), At(end.Kind, 1));
                Assert.Equal((false, end.Status, end.IsOver), (log.IsOpen, log.Status, log.IsOver));
                Assert.Equal(1, log.Claim!.Token);
            }
        );
    }

    [Fact]
    public void Files_AreOfTheEntryThatHasThem_AndPositionsStay()
    {
        var position = new TrialPosition { Step = 5 };
        var log = Log(
            At(LedgerEntryKind.Claimed, 1),
            At(LedgerEntryKind.Published, 1) with
            {
                HasFiles = true,
                Position = position,
            },
            At(LedgerEntryKind.Released, 1) with
            {
                Reason = "why",
            }
        );
        Assert.Equal((3, 2, position, "why"), (log.Length, log.Files, log.Position, log.Reason));
        Assert.Null(log.With(At(LedgerEntryKind.Claimed, 4), () => Time).Reason);
        Assert.Equal(position, log.With(At(LedgerEntryKind.Claimed, 4), () => Time).Position);
    }

    [Fact]
    public void ClaimsThatWereNotGivenBack_AreLost_UntilFilesArePublished()
    {
        var log = Log(At(LedgerEntryKind.Claimed, 1), At(LedgerEntryKind.Claimed, 2), At(LedgerEntryKind.Claimed, 3));
        Assert.Equal(2, log.Lost);
        Assert.Equal(2, log.With(At(LedgerEntryKind.Published, 3), () => Time).Lost);
        Assert.Equal(0, log.With(At(LedgerEntryKind.Published, 3) with { HasFiles = true }, () => Time).Lost);
        Assert.Equal(
            2,
            log.With(At(LedgerEntryKind.Released, 3), () => Time).With(At(LedgerEntryKind.Claimed, 5), () => Time).Lost
        );
    }

    [Fact]
    public void Claims_AreKeptWithTheirTime_WhereTheMachineIsKnown()
    {
        var log = Log(At(LedgerEntryKind.Claimed, 1) with { Machine = Machine, UntilEpoch = 3 }, At(LedgerEntryKind.Claimed, 2));
        Assert.Equal(
            new LedgerClaim
            {
                Token = 1,
                Worker = "w",
                Machine = Machine,
                Time = Time,
                UntilEpoch = 3,
            },
            Assert.Single(log.Claims)
        );
    }

    [Fact]
    public void EntryAgainstTheRules_IsNamed()
    {
        LedgerEntry[][] wrong =
        [
            [At(LedgerEntryKind.Published, 1)],
            [At(LedgerEntryKind.Claimed, 2)],
            [At(LedgerEntryKind.Claimed, 1), At(LedgerEntryKind.Published, 2)],
            [At(LedgerEntryKind.Claimed, 1), At(LedgerEntryKind.Released, 1), At(LedgerEntryKind.Published, 1)],
            [At(LedgerEntryKind.Claimed, 1), At(LedgerEntryKind.Completed, 1), At(LedgerEntryKind.Claimed, 3)],
            [At(LedgerEntryKind.Claimed, 1), At(LedgerEntryKind.Failed, 1), At(LedgerEntryKind.Claimed, 3)],
        ];
        Assert.All(wrong, entries => Assert.Throws<InvalidDataException>(() => Log(entries)));
        Assert.Equal(
            "Entry 2 in the log of the trial 'x' (Published, token 2) cannot follow the ones before it. Somebody has changed the "
                + "ledger's files; begin the study again.",
            Assert.Throws<InvalidDataException>(() => Log(wrong[2])).Message
        );
    }

    [Fact]
    public void Machine_IsSaidInOneLine()
    {
        Assert.Equal("X64 with avx2, TorchSharp 1.0, 2 threads", Machine.ToString());
        Assert.Equal("X64 with avx2, TorchSharp 1.0, 2 threads, CUDA", (Machine with { CudaIsAvailable = true }).ToString());
        Assert.Equal(7, WorkerMachine.Current(7).Threads);
    }

    [Fact]
    public void InstructionSet_IsTheWidestOfThisProcessor()
    {
        (string Name, bool IsThere)[] widestFirst =
        [
            ("avx512", Avx512F.IsSupported),
            ("avx2", Avx2.IsSupported),
            ("advsimd", AdvSimd.IsSupported),
            ("none", true),
        ];
        Assert.Equal(widestFirst.First(set => set.IsThere).Name, WorkerMachine.Current(1).InstructionSet);
    }

    [Fact]
    public void OtherMachine_IsRefused_WhereThatIsAskedFor()
    {
        var other = Machine with { Threads = 4 };
        var refuse = new StudyOptions { OnDifferentMachine = MachineDifference.Refuse };
        MachineRule.Check(refuse, [Trial(), Trial(Machine)], Machine);
        Assert.Equal(
            "The trial 'x' of the study was run on X64 with avx2, TorchSharp 1.0, 4 threads, but this worker runs on X64 with "
                + "avx2, TorchSharp 1.0, 2 threads, which gives other bits. Run all workers alike (ThreadsPerTrial sets the "
                + "threads), or set StudyOptions.OnDifferentMachine to Pin or Mark.",
            Assert
                .Throws<InvalidOperationException>(() =>
                    MachineRule.Check(refuse, [Trial(Machine), Trial(Machine, other)], Machine)
                )
                .Message
        );
        MachineRule.Check(new StudyOptions(), [Trial(other)], Machine);
        MachineRule.Check(new StudyOptions { OnDifferentMachine = MachineDifference.Pin }, [Trial(other)], Machine);
    }

    [Fact]
    public void PinnedTrial_StaysWithTheMachineOfItsFirstClaim()
    {
        var other = Machine with { Threads = 4 };
        var pin = new StudyOptions { OnDifferentMachine = MachineDifference.Pin };
        Assert.True(MachineRule.Allows(pin, null, Machine));
        Assert.True(MachineRule.Allows(pin, Trial(), Machine));
        Assert.True(MachineRule.Allows(pin, Trial(Machine, other), Machine));
        Assert.False(MachineRule.Allows(pin, Trial(other, Machine), Machine));
        Assert.True(MachineRule.Allows(new StudyOptions(), Trial(other), Machine));
        Assert.True(
            MachineRule.Allows(new StudyOptions { OnDifferentMachine = MachineDifference.Refuse }, Trial(other), Machine)
        );
    }

    [Fact]
    public void Machines_AreThoseOfTheClaims_EachOnce()
    {
        var other = Machine with { Threads = 4 };
        Assert.Equal([Machine, other], Trial(Machine, other, Machine).Machines);
        var result = MadeUpTrials.Trial("a", 1) with { Claims = Trial(other, Machine, other).Claims };
        Assert.Equal([other, Machine], result.Machines);
    }

    private static TrialLog Log(params LedgerEntry[] entries) =>
        entries.Aggregate(new TrialLog("x"), (log, entry) => log.With(entry, () => Time));

    private static LedgerEntry At(LedgerEntryKind kind, long token) =>
        new()
        {
            Kind = kind,
            Token = token,
            Worker = "w",
            Nonce = "",
            Written = Time,
        };

    private static LedgerTrial Trial(params WorkerMachine[] machines) =>
        new()
        {
            Trial = "x",
            Status = LedgerTrialStatus.Released,
            Token = 1,
            Worker = "w",
            Version = 1,
            Claims =
            [
                .. machines.Select(machine => new LedgerClaim
                {
                    Token = 1,
                    Worker = "w",
                    Machine = machine,
                    Time = Time,
                }),
            ],
        };
}
