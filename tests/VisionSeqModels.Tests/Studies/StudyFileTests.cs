using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyFileTests
{
    private static readonly StudyFile Sound = TheStudy with { Trials = [Entry("a", "001_a"), Entry("b", "002_b")] };

    [Fact]
    public void Text_ComesBack()
    {
        var file = Sound with
        {
            Command = "dotnet run",
            ParallelTrials = 2,
            Halving = new SuccessiveHalvingOptions { MaximumEpochs = 9 },
            Plan = StudyPlanKind.OneAtATime,
            EquivalenceMargin = 0.5,
        };
        var read = StudyFile.Parse(file.Text(), "here");
        Assert.Equal(file.Text(), read.Text());
        Assert.Equal(
            (StudyPlanKind.OneAtATime, 0.5, 2, "dotnet run"),
            (read.Plan, read.EquivalenceMargin, read.ParallelTrials, read.Command)
        );
        Assert.EndsWith("}\n", file.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..", "'..' is no folder within the study's.")]
    [InlineData("a/b", "'a/b' is no folder within the study's.")]
    [InlineData("a b", "'a b' is no folder within the study's.")]
    [InlineData("_-.", "'_-.' is no folder within the study's.")]
    [InlineData("", "'' is no folder within the study's.")]
    [InlineData("002_B", "two trials have the same folder.")]
    public void FolderThatLeadsElsewhere_IsRefused(string folder, string message)
    {
        var file = Sound with { Trials = [Entry("a", folder), Entry("b", "002_b")] };
        Assert.Equal($"'here' is no record of a study: {message}", Fault(file.Text()));
    }

    [Fact]
    public void FoldersOfUsualLetters_AreAllowed()
    {
        var file = Sound with { Trials = [Entry("a", "Az09.-_"), Entry("b", "2")] };
        Assert.Equal("Az09.-_", StudyFile.Parse(file.Text(), "here").Trials[0].Folder);
    }

    [Fact]
    public void TrialThatIsThereTwice_IsRefused()
    {
        string twice = (Sound with { Trials = [Entry("a", "001"), Entry("a", "002")] }).Text();
        Assert.Equal("'here' is no record of a study: a trial is there twice.", Fault(twice));
        var folds = Sound with { Trials = [Entry("a", "001") with { Fold = 1 }, Entry("a", "002") with { Fold = 2 }] };
        Assert.Equal(2, StudyFile.Parse(folds.Text(), "here").Trials.Count);
        string none = "'here' is no record of a study: it has no trials, or a null among them.";
        Assert.Equal(none, Fault((Sound with { Trials = [] }).Text()));
        Assert.Equal(
            none,
            Fault("""{ "format": 1, "question": "?", "monitor": "m", "higher_is_better": true, "trials": [null] }""")
        );
    }

    [Fact]
    public void HalvingOutOfRange_IsRefused() =>
        Assert.Equal(
            "'here' is no record of a study: halving: MaximumEpochs must be at least 1, but is 0.",
            Fault((Sound with { Halving = new SuccessiveHalvingOptions { MaximumEpochs = 0 } }).Text())
        );

    [Fact]
    public void OtherFormat_IsNamed()
    {
        Assert.Equal(
            "'here' has the format 2, but this version reads format 1. Run the study again in another folder.",
            Fault((Sound with { Format = 2 }).Text())
        );
        Assert.StartsWith("'here' has the format unknown, but", Fault("{}"), StringComparison.Ordinal);
        Assert.StartsWith("'here' is no record of a study: ", Fault("[]"), StringComparison.Ordinal);
        Assert.StartsWith("'here' is no record of a study: ", Fault("{ \"format\": \"x\" }"), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_HoldsAStudy_OrNone()
    {
        using var folder = new TempFolder();
        Assert.Null(StudyFile.Find(folder.Root));
        Assert.Equal(
            $"The folder '{Path.GetFullPath(folder.Root)}' holds no study: study.json is missing.",
            Assert.Throws<FileNotFoundException>(() => StudyFile.Read(folder.Root)).Message
        );
        Sound.Write(folder.Root);
        Assert.Equal(Sound.Text(), StudyFile.Find(folder.Root)!.Text());
        Assert.Equal(Sound.Text(), StudyFile.Read(folder.Root).Text());
    }

    [Fact]
    public void Ledger_SaysWhyTrialsFailed()
    {
        LedgerTrial At(LedgerTrialStatus status, string? reason) =>
            new()
            {
                Trial = "001_a",
                Status = status,
                Token = 1,
                Worker = "w",
                Version = 1,
                Reason = reason,
            };
        (string? Failure, bool CanTryAgain, bool IsOver) Of(LedgerTrial trial)
        {
            var entry = Sound.With([trial]).Trials[0];
            return (entry.Failure, entry.CanTryAgain, entry.IsOver);
        }

        Assert.Equal(("broken", false, true), Of(At(LedgerTrialStatus.Failed, "broken")));
        Assert.Equal(("full", true, false), Of(At(LedgerTrialStatus.Released, "full")));
        Assert.Equal((null, false, false), Of(At(LedgerTrialStatus.Released, null)));
        Assert.Equal((null, false, false), Of(At(LedgerTrialStatus.Claimed, null)));
        Assert.Equal(Sound.Trials[1], Sound.With([At(LedgerTrialStatus.Failed, "broken")]).Trials[1]);
    }

    [Fact]
    public void Key_IsSettingSeedAndFold()
    {
        Assert.Equal("a, seed 1", Entry("a", "1").Key.ToString());
        Assert.Equal("a, seed 1, fold 2", (Entry("a", "1") with { Fold = 2 }).Key.ToString());
    }

    private static StudyFile.Entry Entry(string setting, string folder) => new(setting, Factors(("rate", "1")), 1, folder);

    private static string Fault(string text) => Assert.Throws<InvalidDataException>(() => StudyFile.Parse(text, "here")).Message;
}
