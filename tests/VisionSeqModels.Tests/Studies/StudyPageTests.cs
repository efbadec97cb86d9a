using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a study's page lays out in its own way: the table's columns, the budget of successive halving.</summary>
public sealed class StudyPageTests
{
    [Fact]
    public void Halving_HasItsBudgetAsAChart()
    {
        using var folder = new TempFolder();
        var study = new MadeUpStudy(folder.Root) { Halving = new SuccessiveHalvingOptions { MaximumEpochs = 9 } };
        foreach (int epochs in new[] { 1, 9, 3 })
        {
            study.Add($"{epochs} epochs", Factor($"{epochs}"), 1, epochs, epoch => MadeUpStudy.Learning(epoch, 0.1, 0.5, 1));
        }

        study.Open().WriteReport();

        string html = File.ReadAllText(folder["report.html"]);
        Assert.Contains(
            "spent 13 epochs; all 3 trials to the end would take 27. Trials that came to each number of epochs: 3 to 1, 2 to 3, "
                + "1 to 9.",
            html,
            StringComparison.Ordinal
        );
        Assert.Equal(3, html.Split("<rect class=\"bar").Length - 1);
        Assert.Equal(1, html.Split("<rect class=\"bar whole").Length - 1);
    }

    [Fact]
    public void Page_HasResultAndVerdictRightAfterTheSetting_AndFoldsDetails()
    {
        using var folder = new TempFolder();
        var study = new MadeUpStudy(folder.Root);
        foreach (long seed in new long[] { 1, 2 })
        {
            study.Add("a", Factor("0.01"), seed, 5, epoch => MadeUpStudy.Learning(epoch, 0.5, 0.7, (int)seed));
            study.Add("b", Factor("0.1"), seed, 5, epoch => MadeUpStudy.Learning(epoch, 0.9, 0.85, (int)seed));
        }

        var table = study.Open().Report().Table.OnPage(_ => null);
        Assert.Equal(["setting", "final test accuracy", "against “a”", "learning rate"], table.Columns.Take(4));
        Assert.Equal(
            ["best test accuracy", "at epoch", "samples/s", "parameters"],
            table.Columns.Where((_, column) => table.IsFolded!(column))
        );
    }

    private static Dictionary<string, string> Factor(string value) => new() { ["learning rate"] = value };
}
