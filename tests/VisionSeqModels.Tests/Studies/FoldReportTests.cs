using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a study with folds looks like: mean and deviation of each setting, each run, and the corrected test.</summary>
[Collection("Torch")]
public sealed class FoldReportTests : IDisposable
{
    private static readonly double[] First = [0.70, 0.74, 0.72];
    private static readonly double[] Second = [0.80, 0.82, 0.81];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_HaveMeanAndSampleDeviation_AndEachRunIsARowOfItsOwn()
    {
        var report = Made().Report();
        int final = report.Table.Columns.ToList().IndexOf("final test accuracy");
        Assert.Equal(["0.7200 ± 0.0200", "0.8100 ± 0.0100"], report.Table.Cells.Select(row => row[final]));
        Assert.Equal(
            [
                "setting",
                "fold",
                "final test accuracy",
                "best test accuracy",
                "at epoch",
                "epochs",
                "final train loss",
                "seconds",
                "outcome",
            ],
            report.Runs.Columns
        );
        Assert.Equal(
            [
                ("a", "1", "0.7000"),
                ("a", "2", "0.7400"),
                ("a", "3", "0.7200"),
                ("b", "1", "0.8000"),
                ("b", "2", "0.8200"),
                ("b", "3", "0.8100"),
            ],
            report.Runs.Cells.Select(row => (row[0], row[1], row[2]))
        );
        Assert.Contains("2 settings, 1 seed, 3 folds, 6 trials: 6 completed.", report.Notes.Size, StringComparison.Ordinal);
        Assert.Contains(("division", "3 folds (stratified, seed 7), the trial's seed added"), report.Facts);
    }

    [Fact]
    public void Verdict_IsCorrectedForFoldsThatOverlap()
    {
        var conclusion = Made().Conclusion;
        Assert.Equal(new PairedSample([0.10, 0.08, 0.09], heldOutRatio: 0.5).P!.Value, conclusion.Factors[0].P!.Value, 1e-9);
        Assert.Matches(
            @"^rate b against a: better\. .* \+0\.0900 \(95 % interval .*, 3 folds\), p = 0\.010\.$",
            conclusion.Factors[0].Sentence
        );
        Assert.Contains("corrected for the training samples that folds", conclusion.Method, StringComparison.Ordinal);
    }

    [Fact]
    public void HtmlMarkdownAndCharts_ShowEachFold()
    {
        Made().WriteReport();
        string html = File.ReadAllText(_folder["report.html"]),
            markdown = File.ReadAllText(_folder["report.md"]);
        Assert.Contains("data-n=\"a, fold 2\"", html, StringComparison.Ordinal);
        Assert.Contains("<h2>Each run</h2>", html, StringComparison.Ordinal);
        Assert.Contains("## Each run\n\n| setting | fold | final test accuracy |", markdown, StringComparison.Ordinal);
        Assert.Contains("| b | 3 | 0.8100 | 0.8100 |", markdown, StringComparison.Ordinal);
        Assert.Contains("\"fold\": 2", File.ReadAllText(_folder["study.json"]), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["test_accuracy.png"]));
    }

    [Fact]
    public void SeedsAndFolds_AreBothNamed()
    {
        var study = Study(seeds: 2);
        var report = study.Open().Report();
        Assert.Equal(12, report.Runs.Cells.Count);
        Assert.Equal(["setting", "seed", "fold"], report.Runs.Columns.Take(3));
        Assert.Contains("6 pairs of seed and fold), p = ", report.Conclusion.Factors[0].Sentence, StringComparison.Ordinal);
        Assert.Contains(
            "± is the standard deviation over the seeds and folds",
            report.Notes.Legend("★"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void StudyWithOneTrialASetting_HasNoTableOfRuns()
    {
        var study = new MadeUpStudy(_folder.Root);
        study.Add("a", [], 1, 2, _ => [("train_loss", 1), ("test_accuracy", 0.5)]);
        study.Open().WriteReport();
        Assert.DoesNotContain("Each run", File.ReadAllText(_folder["report.md"]), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> AlikeNames =>
        new()
        {
            { "a b", "a_b" },
            { "a", "A" },
            { "a\nb", "a\tb" },
            { "é", "ü" },
            { new string('x', 60) + "1", new string('x', 60) + "2" },
            { "../a", "..\\a" },
            { "a/b", "a:b" },
        };

    /// <summary>Names that are the same on a disk: each trial has a folder of its own, numbered.</summary>
    [Theory]
    [MemberData(nameof(AlikeNames))]
    public void SettingsWhoseNamesAreAlikeOnADisk_HaveFoldersOfTheirOwn(string one, string other)
    {
        var study = TinyStudy.Run(_folder["s"], new StudyOptions { Seeds = [1, 2] }, (one, 0.01), (other, 0.1));
        Assert.Equal(4, study.Trials.Select(trial => trial.Folder).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(study.Trials, trial => Assert.Equal(StopReason.Completed, trial.Outcome));
        Assert.Equal(4, study.Trials.Select(trial => trial.Final!["train_loss"]).Distinct().Count());
        string record = File.ReadAllText(_folder["s/study.json"]);
        File.WriteAllText(
            _folder["s/study.json"],
            record.Replace(study.Trials[2].Folder, study.Trials[0].Folder.ToUpperInvariant(), StringComparison.Ordinal)
        );
        Assert.Contains(
            "two trials have the same folder.",
            Assert.Throws<InvalidDataException>(() => VisionSeqModels.Studies.Study.Open(_folder["s"])).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>study.json was lost, and another study begins in the folder: its first trial does not take the old one's run for
    /// its own.</summary>
    [Fact]
    public void RunOfAnotherSettingInATrialsFolder_IsNotTakenForItsOwn()
    {
        TinyStudy.Run(_folder["s"], new StudyOptions(), ("a b", 0.01));
        File.Delete(_folder["s/study.json"]);
        Assert.Contains(
            "trial setting was \"a b\" and is \"a_b\"",
            Assert
                .Throws<InvalidOperationException>(() => TinyStudy.Run(_folder["s"], new StudyOptions(), ("a_b", 0.01)))
                .Message,
            StringComparison.Ordinal
        );
    }

    private Study Made() => Study(seeds: 1).Open();

    private MadeUpStudy Study(int seeds)
    {
        var study = new MadeUpStudy(_folder.Root)
        {
            Folds = new StudyFolds
            {
                Count = 3,
                Seed = 7,
                Stratified = true,
                Grouped = false,
            },
        };
        foreach (var (name, values) in new[] { ("a", First), ("b", Second) })
        {
            for (int seed = 1; seed <= seeds; seed++)
            {
                for (int fold = 1; fold <= 3; fold++)
                {
                    double value = values[fold - 1] + ((seed - 1) * 0.01);
                    var factors = new Dictionary<string, string> { ["rate"] = name };
                    study.Add(name, factors, seed, 4, _ => [("train_loss", 1), ("test_accuracy", value)], fold: fold);
                }
            }
        }

        return study;
    }
}
