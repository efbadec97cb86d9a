using System.Text.RegularExpressions;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Training;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Callbacks;

/// <summary>The page of a run folder.</summary>
[Collection("Torch")]
public sealed partial class RunReportTests : IDisposable
{
    private const int MostBytes = 3_000_000;
    private readonly TempFolder _folder = new();
    private readonly ImageDatasets _data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 64, TestCount = 40 });

    private string Page => File.ReadAllText(_folder["run/report.html"]);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Page_HasAllParts_AndNeedsNothingElse()
    {
        Fit(new FeatureEvolution(_data.Test, "conv1") { Epochs = [1], Maps = [0] });

        Assert.Equal(
            ["Result", "Settings", "Curves", "What it learned", "Errors", "Data and machine", "Files"],
            Headings().Matches(Page).Select(match => match.Groups[1].Value)
        );
        Assert.Equal(5, Pictures().Count(Page)); // filters, activations, evolution, confusion matrix, errors
        Assert.Contains("<td class=\"long\">Adam, learning rate 0.001, ", Page, StringComparison.Ordinal);
        Assert.Contains("synthetic: 64 training, 40 test samples", Page, StringComparison.Ordinal);
        Assert.Contains("completed", Page, StringComparison.Ordinal);
        Assert.Equal(4, Lines().Count(Page)); // loss and accuracy, training and test
        Assert.DoesNotContain("://", Page, StringComparison.Ordinal);
        Assert.InRange(Page.Length, 10_000, MostBytes);
        Assert.All(
            Links().Matches(Page).Select(match => match.Groups[1].Value),
            link => Assert.True(File.Exists(_folder["run/" + link]), link)
        );
    }

    [Fact]
    public void Page_MadeAgainFromTheFolder_SaysTheSame_AndShowsFurtherPictures()
    {
        Fit();
        string before = WithoutTimes(Page);
        RunReport.Write(_folder["run"]);
        Assert.Equal(before, WithoutTimes(Page));

        LineChart
            .Draw([
                new LineSeries
                {
                    Name = "a",
                    X = [0, 1, 2],
                    Y = [0, 1, 2],
                },
            ])
            .SavePng(_folder["run/of_my_own.png"]);
        RunReport.Write(_folder["run"]);
        Assert.Contains("<figcaption>of my own</figcaption>", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorsOnThePage_AreThoseOfTheModel()
    {
        using var model = Fit();
        var matrix = ConfusionMatrix.Measure(model, _data.Test);
        Assert.Equal(matrix.Draw().ToPng(), File.ReadAllBytes(_folder["run/confusion.png"]));
        var errors = ConfidentErrors.Measure(model, _data.Test);
        Assert.Equal(errors.Draw(_data.Test).ToPng(), File.ReadAllBytes(_folder["run/confident_errors.png"]));
    }

    [Fact]
    public void RunInPieces_HasThePageOfARunInOnePiece_ButForTimes()
    {
        Fit(folder: "whole");
        using var source = new CancellationTokenSource();
        Fit(new CancelAt(2, source), folder: "run", token: source.Token);
        Assert.Contains("<td class=\"word\">cancelled</td>", Page, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["run/confusion.png"]));
        using var model = VisionModels.LeNet(LeNetOptions.For(_data) with { Seed = 1 });
        new Trainer(Options(_folder["run"])).Resume(_folder["run"], model, _data.Train, _data.Test);

        string whole = File.ReadAllText(_folder["whole/report.html"]).Replace("whole", "run", StringComparison.Ordinal);
        Assert.Equal(WithoutTimes(whole), WithoutTimes(Page));
        Assert.Equal(File.ReadAllBytes(_folder["whole/confusion.png"]), File.ReadAllBytes(_folder["run/confusion.png"]));
    }

    [Fact]
    public void PageThatCannotBeWritten_CostsNoResult()
    {
        Directory.CreateDirectory(_folder["run/report.html"]);
        using var model = VisionModels.LeNet(LeNetOptions.For(_data) with { Seed = 1 });
        var history = new Trainer(Options(_folder["run"])).Fit(model, _data.Train, _data.Test);
        Assert.Equal(StopReason.Completed, history.StopReason);
        Assert.Contains("RunReportWriter failed in OnFitEnd", Assert.Single(history.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    public void Settings_TurnPageAndErrorsOff(bool enabled, bool errors, bool expected)
    {
        Fit(new RunReportWriter { IsEnabled = enabled, MeasureErrors = errors });
        Assert.Equal(enabled, File.Exists(_folder["run/report.html"]));
        Assert.Equal(expected, File.Exists(_folder["run/confusion.png"]));
    }

    [Fact]
    public void ModelOfValues_HasAPageWithoutErrors()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var options = Options(_folder["run"]) with { Loss = Losses.MeanSquaredError(), Metrics = [] };
        using var values = new ValueData(data);
        var history = new Trainer(options).Fit(model, values);
        Assert.Empty(history.Warnings);
        Assert.DoesNotContain("<h2>Errors</h2>", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_StandOnAPageOfOnesOwn()
    {
        Fit();
        var run = RunReport.Open(_folder["run"]);
        var page = new ReportPage("Two runs");
        run.AddCurves(page);
        run.AddCurves(page);
        run.AddErrors(page);
        page.Save(_folder["own.html"]);

        string html = File.ReadAllText(_folder["own.html"]);
        Assert.Equal(8, Lines().Count(html));
        Assert.Single(Scripts().Matches(html));
        Assert.Equal(["metric", "last", "best", "at epoch"], run.Metrics.Columns);
        Assert.Equal(("LeNet", 2), (run.ModelName, run.ErrorPictures.Count));
    }

    private static string WithoutTimes(string page) => Times().Replace(page, "");

    private static TrainerOptions Options(string folder) =>
        new()
        {
            Epochs = 2,
            BatchSize = 16,
            Seed = 1,
            Device = "cpu",
            RunDirectory = folder,
        };

    private nn.Module<Tensor, Tensor> Fit(Callback? callback = null, string folder = "run", CancellationToken token = default)
    {
        var model = VisionModels.LeNet(LeNetOptions.For(_data) with { Seed = 1 });
        var trainer = new Trainer(Options(_folder[folder]));
        if (callback is not null)
        {
            trainer.Callbacks.Add(callback);
        }

        trainer.Fit(model, _data.Train, _data.Test, token);
        return model;
    }

    private sealed class CancelAt(int step, CancellationTokenSource source) : Callback
    {
        public override void OnStepEnd(StepEndEvent e)
        {
            if (e.Step == step)
            {
                source.Cancel();
            }
        }
    }

    /// <summary>The same inputs with a number in place of the class.</summary>
    private sealed class ValueData(IBatchSource inner) : IBatchSource, IDisposable
    {
        public string Name => "values";

        public long? SampleCount => inner.SampleCount;

        public IEnumerable<Batch> Read(BatchRequest request) =>
            inner.Read(request).Select(batch => new Batch(batch.Inputs, zeros(batch.Count, 2)));

        public void Dispose() { }
    }

    [GeneratedRegex("<h2>(.+?)</h2>")]
    private static partial Regex Headings();

    [GeneratedRegex("<img ")]
    private static partial Regex Pictures();

    [GeneratedRegex("<polyline ")]
    private static partial Regex Lines();

    [GeneratedRegex("<script>")]
    private static partial Regex Scripts();

    [GeneratedRegex("<a href=\"([^\"]+)\"")]
    private static partial Regex Links();

    [GeneratedRegex("<tr><th scope=\"row\">(seconds|samples/s, last epoch|begun|resumed)</th><td[^>]*>[^<]*</td></tr>\n")]
    private static partial Regex Times();
}
