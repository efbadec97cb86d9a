using System.Text.Json.Nodes;
using VisionSeqModels.Drawing;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests.Training;

/// <summary>The tables of a run's report, cell by cell, from a record that no training made.</summary>
public sealed class RunReportValuesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Outcome_HasWhatIsKnown()
    {
        var record = RunHistoryTests.Record([Epoch.Of(1, "a", 1) with { SamplesPerSecond = 1234.5 }]) with
        {
            Steps = 12345,
            Seconds = 1234.56,
            Model = new RunRecord.ModelPart { Name = "Mine", Parameters = 1234567 },
            Warnings = ["w"],
        };
        Assert.Equal(
            [
                ["outcome", "stopped early"],
                ["message", "enough"],
                ["epochs", "1"],
                ["optimizer steps", "12,345"],
                ["seconds", "1,234.6"],
                ["samples/s, last epoch", "1,235"],
                ["parameters", "1,234,567"],
                ["warning", "w"],
            ],
            Report(record).Outcome.Rows
        );
        Assert.Equal(
            ["outcome", "epochs", "optimizer steps", "seconds"],
            Report(RunHistoryTests.Record([]) with { StopMessage = null }).Outcome.Rows.Select(row => row[0])
        );
    }

    [Fact]
    public void Metrics_HaveTheirLastAndBestValue()
    {
        var record = RunHistoryTests.Record([Epoch.Of(1, "test_loss", 0.5), Epoch.Of(2, "train_loss", 0.25)]) with
        {
            Best = new Dictionary<string, RunRecord.BestPart>
            {
                ["test_loss"] = new() { Value = 0.5, Epoch = 1 },
            },
        };
        Assert.Equal(
            [
                ["test loss", "0.5000", "0.5000", "1"],
                ["train loss", "0.2500", "", ""],
            ],
            Report(record).Metrics.Rows
        );
        Assert.Empty(Report(RunHistoryTests.Record([])).Metrics.Rows);
    }

    [Fact]
    public void Settings_AreGroupedByWhatTheyBelongTo_WithoutTheSeed()
    {
        var record = RunHistoryTests.Record([]) with
        {
            Trainer = Parsed("""{"epochs":2,"seed":5,"optimizer":{"weight_decay":0.5,"name":"adam"},"shards":null}"""),
            Model = new RunRecord.ModelPart { Name = "Mine", Options = Parsed("""{"cell":{"size":3}}""") },
        };
        Assert.Equal(
            [
                ["training", "epochs 2, shards none"],
                ["optimizer", "adam, weight decay 0.5"],
                ["model", "Mine, cell size 3"],
            ],
            Report(record)
                .Settings.Rows.OrderBy(row =>
                    row[0] == "training" ? 0
                    : row[0] == "optimizer" ? 1
                    : 2
                )
        );
        Assert.Equal(
            ["epochs", "optimizer", "optimizer weight decay", "model", "model cell size"],
            OptionLeaf.Of(record).Select(leaf => leaf.FullName).Where(name => name != "shards")
        );
    }

    [Fact]
    public void Facts_AreThoseThatAreKnown()
    {
        var record = RunHistoryTests.Record([]) with
        {
            Source = "photos",
            Data = new RunRecord.DataPart
            {
                TrainSamples = 60000,
                TestSamples = 10,
                ImageShape = [1, 28, 27],
                ClassNames = ["cat", "dog"],
            },
            Versions = new JsonObject { ["torch_sharp"] = "1", ["cuda_is_available"] = false },
        };
        Assert.Equal(
            [
                ["data", "photos: 60,000 training, 10 test samples"],
                ["images", "1 × 28 × 27 (channels, height, width)"],
                ["classes", "2: cat, dog"],
                ["seed", "7"],
                ["device", "cpu"],
                ["threads", "3"],
                ["TorchSharp", "1"],
                ["CUDA is there", "no"],
                ["begun", "1970-01-01 00:00:00 +00:00"],
                ["resumed", "1 time"],
            ],
            Report(record).Environment.Rows
        );
        Assert.Equal(
            ["data", "seed", "device", "threads", "begun"],
            Report(RunHistoryTests.Record([]) with { Resumes = [] }).Environment.Rows.Select(row => row[0])
        );
        Assert.Equal("none", RunFacts.Data(RunHistoryTests.Record([])));
        var nameless = RunHistoryTests.Record([]) with
        {
            Data = new RunRecord.DataPart { ClassNames = [], ImageShape = [3, 2] },
        };
        Assert.Equal(("0: none", ""), (RunFacts.Classes(nameless), RunFacts.Images(nameless)));
    }

    [Fact]
    public void MissingPage_IsNamed()
    {
        var report = Report(RunHistoryTests.Record([]));
        Assert.All(
            (Action<ReportPage>[])
                [
                    report.AddResult,
                    report.AddSettings,
                    report.AddCurves,
                    report.AddPictures,
                    report.AddErrors,
                    report.AddEnvironment,
                ],
            add => Assert.ThrowsAny<ArgumentNullException>(() => add(null!))
        );
    }

    [Theory]
    [InlineData("best.safetensors")]
    [InlineData("last.safetensors")]
    public void Page_LinksToWhatIsThere_AndNamesModelAndFolder(string weights)
    {
        Directory.CreateDirectory(_folder["checkpoints"]);
        File.WriteAllText(Path.Combine(_folder["checkpoints"], weights), "");
        File.WriteAllText(_folder["metrics.csv"], "");
        (RunHistoryTests.Record([]) with { Model = new RunRecord.ModelPart { Name = "Mine" } }).Write(_folder["run.json"]);
        RunReport.Write(_folder.Root);
        string page = File.ReadAllText(_folder["report.html"]);
        Assert.Contains($"<title>Mine: {Path.GetFileName(_folder.Root)}</title>", page, StringComparison.Ordinal);
        Assert.Contains(
            $"<p>{Link("run.json")}, {Link("metrics.csv")}, {Link($"checkpoints/{weights}")}</p>",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("No epoch was finished.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("What it learned", page, StringComparison.Ordinal);
    }

    private static JsonObject Parsed(string text) => (JsonObject)JsonNode.Parse(text)!;

    private static string Link(string file) => $"<a href=\"{file}\">{file}</a>";

    private RunReport Report(RunRecord record) => new(_folder.Root, record, otherPictures: true);
}
