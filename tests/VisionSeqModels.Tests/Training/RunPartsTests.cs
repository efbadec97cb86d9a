using System.Text.Json.Nodes;
using VisionSeqModels.Drawing;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests.Training;

/// <summary>What a run's page says where its record says little.</summary>
public sealed class RunPartsTests : IDisposable
{
    private static readonly RunRecord Least = new()
    {
        Status = StopReason.Completed,
        Started = DateTimeOffset.UnixEpoch,
        Seconds = 1,
        Seed = 5,
        Device = "cpu",
        Threads = 1,
        Steps = 0,
        Epochs = [],
        Resumes = [],
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RecordWithoutDescriptions_GivesThePageThatItCan()
    {
        Assert.Empty(OptionLeaf.Of(Least));
        Assert.Equal("none", RunFacts.Data(Least));
        Assert.Equal(("", ""), (RunFacts.Images(Least), RunFacts.Classes(Least)));
        Assert.Equal(["data", "seed", "device", "threads", "begun"], RunFacts.Of(Least).Select(fact => fact.Name));
        var report = new RunReport(_folder.Root, Least, otherPictures: false);
        report.Write();
        Assert.Equal((null, null), (report.ModelName, report.Parameters));
        string page = File.ReadAllText(_folder[RunReport.FileName]);
        Assert.Contains("No epoch was finished.", page, StringComparison.Ordinal);
        Assert.Contains($"<h1>{Path.GetFileName(_folder.Root)}</h1>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_AreThoseOfTheData()
    {
        var run = Least with
        {
            Source = "photos",
            Data = new RunRecord.DataPart
            {
                TrainSamples = 6000,
                TestSamples = 10,
                ImageShape = [3, 8, 9],
                ClassNames = ["cat", "dog"],
            },
            Versions = new JsonObject { ["torch_sharp"] = "0.1", ["own_tool"] = "2" },
            Resumes = [Resume, Resume],
        };
        Assert.Equal("photos: 6,000 training, 10 test samples", RunFacts.Data(run));
        Assert.Equal("3 × 8 × 9 (channels, height, width)", RunFacts.Images(run));
        Assert.Equal("2: cat, dog", RunFacts.Classes(run));
        Assert.Equal("0: none", RunFacts.Classes(run with { Data = new RunRecord.DataPart { ClassNames = [] } }));
        Assert.Equal("", RunFacts.Images(run with { Data = new RunRecord.DataPart { ImageShape = [8, 9] } }));
        var facts = RunFacts.Of(run).ToDictionary(fact => fact.Name, fact => fact.Value);
        Assert.Equal(("0.1", "2", "2 times"), (facts["TorchSharp"], facts["own tool"], facts["resumed"]));
    }

    [Fact]
    public void Options_HaveTheNamesOfTheirGroups()
    {
        var run = Least with
        {
            Trainer = Json("""{"epochs":2,"seed":1,"clip":null,"optimizer":{"learning_rate":0.1,"name":"adam","decay":null}}"""),
            Model = new RunRecord.ModelPart { Name = "LeNet", Options = Json("""{"fc1_size":120}""") },
        };
        Assert.Equal(
            [
                "epochs = 2",
                "clip = none",
                "optimizer = adam",
                "optimizer learning rate = 0.1",
                "optimizer decay = none",
                "model = LeNet",
                "model fc1 size = 120",
            ],
            OptionLeaf.Of(run).Select(leaf => $"{leaf.FullName} = {leaf.Value}")
        );
    }

    [Theory]
    [InlineData(StopReason.Completed, "completed")]
    [InlineData(StopReason.StoppedEarly, "stopped early")]
    [InlineData(StopReason.Running, "not over")]
    [InlineData(StopReason.NonFinite, "diverged")]
    [InlineData(StopReason.Cancelled, "cancelled")]
    [InlineData(StopReason.Failed, "failed")]
    public void Outcome_IsTheReasonOfTheEnd(StopReason reason, string text)
    {
        var report = new RunReport(_folder.Root, Least with { Status = reason }, otherPictures: false);
        Assert.Equal(text, report.Outcome.Rows[0][1]);
    }

    /// <summary>A metric of one's own has no kind of data in its name.</summary>
    [Fact]
    public void MetricsOfAnyName_AreOnThePage()
    {
        var run = Least with
        {
            Epochs = [Epoch(1, ("train_loss", 2), ("energy", 3)), Epoch(2, ("train_loss", 1), ("energy", 1))],
        };
        new RunReport(_folder.Root, run, otherPictures: false).Write();
        string page = File.ReadAllText(_folder[RunReport.FileName]);
        Assert.Contains("energy", page, StringComparison.Ordinal);
        Assert.Contains("other", page, StringComparison.Ordinal);
        Assert.Contains("training", page, StringComparison.Ordinal);
    }

    /// <summary>A page with all of a long run's pictures in it would be too large to mail.</summary>
    [Fact]
    public void PictureThatIsTooLarge_OrNone_IsALink()
    {
        File.WriteAllBytes(_folder["activations.png"], "no picture"u8.ToArray());
        File.WriteAllBytes(_folder["conv1_weights.png"], new byte[3_000_000]);
        var report = new RunReport(_folder.Root, Least, otherPictures: true);
        var page = new ReportPage("run");
        report.AddPictures(page);
        page.Save(_folder["page.html"]);
        string html = File.ReadAllText(_folder["page.html"]);
        Assert.Contains("<a href=\"activations.png\">activations.png</a>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"conv1_weights.png\">conv1_weights.png</a>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void HistoryWithoutEpochs_SaysThatNoMetricIsThere()
    {
        var history = TrainingHistory.Of(Least, _folder.Root);
        Assert.Contains(
            "Recorded metrics: none, since no epoch was finished.",
            Assert.Throws<KeyNotFoundException>(() => history["test_loss"]).Message,
            StringComparison.Ordinal
        );
        Assert.Null(history.Best("test_loss", higherIsBetter: true));
    }

    [Fact]
    public void NewFolders_AreNamedByTheSystemsClock()
    {
        string path = RunDirectory.New(_folder.Root, "a b");
        Assert.Matches("^a_b_[A-Z][a-z]{2}[0-9]{2}_[0-9]{2}-[0-9]{2}-[0-9]{2}$", Path.GetFileName(path));
        Assert.False(Directory.Exists(path));
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static ResumeRecord Resume =>
        new()
        {
            Time = DateTimeOffset.UnixEpoch,
            Epoch = 1,
            Step = 1,
            Changes = [],
        };

    private static EpochRecord Epoch(int number, params (string Name, double Value)[] metrics) =>
        new()
        {
            Epoch = number,
            Metrics = metrics.ToDictionary(metric => metric.Name, metric => metric.Value),
            LearningRate = 0.1,
            Seconds = 1,
            SamplesPerSecond = 8,
            Steps = 1,
            Samples = 8,
        };
}
