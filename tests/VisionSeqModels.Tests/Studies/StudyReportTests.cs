using System.Text.RegularExpressions;
using VisionSeqModels.Data;
using VisionSeqModels.Studies;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Tests.Studies;

[Collection("Torch")]
public sealed partial class StudyReportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TinyData _data = new(64);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Report_IsDrawnFromTheFolderAlone_WithEveryTrialAndPoint()
    {
        Run(StudyPlan.List(("<b>plain</b> | one", 0.01), ("two", 0.1)), new StudyOptions { Seeds = [1, 2, 3], Question = "Is a rate of 0.1 < 0.01?", Command = "dotnet run" });

        Study.Open(_folder["study"]).WriteReport();

        string html = Html, markdown = Markdown;
        Assert.DoesNotContain("<b>plain", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.Equal((4 + 2) * 6 * 3, Circles().Count(html)); // four figures in one chart each and two setting by setting, six trials, three epochs
        Assert.Equal(4 + (2 * 2), Charts().Count(html));
        Assert.Contains("Is a rate of 0.1 &lt; 0.01?", html, StringComparison.Ordinal);
        Assert.Contains("paired t test, p = ", html, StringComparison.Ordinal);
        Assert.Contains(" ± ", markdown, StringComparison.Ordinal);
        Assert.Contains("plain</b> \\| one", markdown, StringComparison.Ordinal);
        Assert.Contains("Held fixed: epochs 3, batch size 16, ", markdown, StringComparison.Ordinal);
        Assert.Contains("- optimizer learning rate: 0.01, 0.1\n", markdown, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["study/test_accuracy.png"]) && File.Exists(_folder["study/test_loss_by_setting.png"]));
        Study.Open(_folder["study"]).WriteReport();
        Assert.Equal(html, Html);
    }

    [Fact]
    public void OneSeed_CannotTell_AndSaysSo()
    {
        Run(StudyPlan.List(("one", 0.01), ("two", 0.1))).WriteReport();
        Assert.Contains("one seed is not enough to tell", Markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("p against", Markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void BestOfEachColumn_IsMarked_AmongTrialsThatEndedWell()
    {
        var study = Run(StudyPlan.List(("slow", 1e-5), ("good", 0.5), ("diverged", 1e38)));
        study.WriteReport();
        var rows = Markdown.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).Select(line => line.Split(" | ")).ToList();
        Assert.Equal(["| slow", "| good", "| diverged"], rows.Select(row => row[0]));
        Assert.All([2, 3, 6], column => Assert.Equal([false, true, false], rows.Select(row => row[column].StartsWith("**", StringComparison.Ordinal)))); // final, best and loss
        Assert.Contains("nonfinite: ", Markdown, StringComparison.Ordinal);
        Assert.Equal(5, Regex.Count(Html, "<td class=\"best\">")); // those three, seconds and samples a second
    }

    /// <summary>A hundred trials of a hundred epochs each, all alike but for their names.</summary>
    [Fact]
    public void LargeStudy_IsAFileOfLessThan3Megabytes_TheBestFirst()
    {
        Run(StudyPlan.List(("one", 0.01)), epochs: 100);
        var one = StudyFile.Read(_folder["study"]);
        string record = File.ReadAllText(_folder["study/001_one_seed1/run.json"]);
        var trials = Enumerable.Range(1, 100).Select(i => new StudyFile.Entry($"learning rate 0.000{i}, hidden size {i}", new Dictionary<string, string> { ["learning rate"] = $"0.000{i}" }, 1, $"{i}")).ToList();
        foreach (var trial in trials)
        {
            Directory.CreateDirectory(Path.Combine(_folder["study"], trial.Folder));
            File.WriteAllText(Path.Combine(_folder["study"], trial.Folder, "run.json"), record);
        }

        (one with { Trials = trials }).Write(_folder["study"]);
        Study.Open(_folder["study"]).WriteReport();
        Assert.InRange(new FileInfo(_folder["study/report.html"]).Length, 100_000, 3_000_000);
        Assert.Contains("The best first.", Html, StringComparison.Ordinal);
        Assert.Contains("of the 24 best settings of 100", Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9501, 0.9599, 6, "0.950 0.952 0.954 0.956 0.958 0.960")]
    [InlineData(0, 1, 6, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.3, 40, 6, "0 10 20 30 40")]
    [InlineData(2, 2, 6, "1.95 2.00 2.05")]
    public void Ticks_AreRoundAndTellValuesApart(double least, double most, int about, string expected)
    {
        var range = ChartRange.Of([new LineSeries("a", [1, 2], [least, most])])!;
        Assert.Equal(expected, string.Join(' ', range.TicksY(about).Select(tick => tick.Text)));
        Assert.Equal(["1", "2"], range.TicksX(12).Select(tick => tick.Text));
    }

    private string Html => File.ReadAllText(_folder["study/report.html"]);

    private string Markdown => File.ReadAllText(_folder["study/report.md"]);

    private Study Run(StudyPlan<double> plan, StudyOptions? options = null, int epochs = 3) => Study.Run(_folder["study"], plan, (rate, _) => new StudyTrial
    {
        Model = TinyModel.Create(), Options = new TrainerOptions { Epochs = epochs, BatchSize = 16, Device = "cpu", Optimizer = new SgdOptions { LearningRate = rate } },
    }, new FitData { Train = _data, Test = _data }, options);

    [GeneratedRegex("<circle ")]
    private static partial Regex Circles();

    [GeneratedRegex("<svg [^>]*role=\"img\"")]
    private static partial Regex Charts();
}
