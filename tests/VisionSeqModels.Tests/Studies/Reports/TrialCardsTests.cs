using VisionSeqModels.Drawing;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class TrialCardsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Card_HasTheCurve_TheResult_AndLinks()
    {
        Directory.CreateDirectory(_folder["a-1"]);
        Directory.CreateDirectory(_folder["b-1"]);
        File.WriteAllText(_folder["a-1/report.html"], "");
        string html = Html(
            Trial("a", 1) with
            {
                History = History("test_accuracy", 0, 1),
            },
            Trial("b", null),
            Trial("without a folder", 1)
        );
        Assert.Contains(
            "<h2>Trials</h2>\n<p class=\"note\">Each leads to the trial&#39;s own report: settings, curves, pictures, "
                + "errors. The "
                + "line is test accuracy by epoch, with the training data dotted; all have the same axes.</p>",
            html,
            StringComparison.Ordinal
        );
        string Spark(int setting) =>
            $"<svg class=\"spark {SvgChart.Style(setting)}\" viewBox=\"0 0 120 54\" preserveAspectRatio=\"none\" "
            + "aria-hidden=\"true\">";
        string[] parts =
        [
            "<div class=\"cards\"><div class=\"card\"><b>a</b>",
            $"{Spark(0)}<path class=\"r0\" d=\"M60 52L118 2\"/></svg>",
            "<span>1.0000</span><span class=\"links\"><a href=\"a-1/report.html\">report</a>, <a href=\"a-1/\">folder</a></span>",
            "</div>\n<div class=\"card\"><b>b</b>",
            $"{Spark(1)}</svg><span>failed</span><span class=\"links\"><a href=\"b-1/\">folder</a></span></div>\n</div>",
        ];
        Assert.Contains(string.Concat(parts), html, StringComparison.Ordinal);
    }

    [Fact]
    public void Axes_HoldTheLineOfTheTrainingDataToo()
    {
        Directory.CreateDirectory(_folder["a-1"]);
        EpochRecord Of(int epoch, double test, double train) =>
            Epoch.Of(epoch, new Dictionary<string, double> { ["test_accuracy"] = test, ["train_accuracy"] = train });
        Assert.Contains(
            "<path class=\"r0\" d=\"M60 52L118 39.5\"/><path class=\"r1\" d=\"M60 27L118 2\"/></svg>",
            Html(Trial("a", 1) with { History = History([Of(1, 0, 2), Of(2, 1, 4)]) }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WithoutAnyEpoch_ThereIsNoCurve()
    {
        Directory.CreateDirectory(_folder["a-1"]);
        Assert.Contains("<b>a</b><span>failed</span>", Html(Trial("a", null)), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutFolders_ThereAreNoCards() =>
        Assert.DoesNotContain("<h2>Trials</h2>", Html(Trial("a", 1)), StringComparison.Ordinal);

    [Theory]
    [InlineData(60, 60, 24, "<p class=\"note\">Each leads to")]
    [InlineData(61, 60, 24, "<p class=\"note\">Here are 60 of 61, those of the first settings. Each leads to")]
    [InlineData(24, 24, 24, "<p class=\"note\">Each leads to")]
    public void ManyTrials_AreCut_AndTheFirstHavePictures(int trials, int cards, int pictures, string text)
    {
        HeatMap
            .Draw(
                new[,]
                {
                    { 1.0 },
                }
            )
            .SavePng(_folder["filters.png"]);
        foreach (int i in Enumerable.Range(0, trials))
        {
            Directory.CreateDirectory(_folder[$"s{i}-1"]);
            File.Copy(_folder["filters.png"], _folder[$"s{i}-1/conv1_weights.png"]);
        }

        string html = Html([.. Enumerable.Range(0, trials).Select(i => Trial($"s{i}", 1))]);
        Assert.Equal(cards, html.Split("<div class=\"card\">").Length - 1);
        Assert.Equal(pictures, html.Split("<img alt=\"Filters of s").Length - 1);
        Assert.Contains(text, html, StringComparison.Ordinal);
    }

    [Fact]
    public void PictureThatIsNone_IsLeftOut()
    {
        Directory.CreateDirectory(_folder["a-1"]);
        File.WriteAllText(_folder["a-1/conv1_weights.png"], "no picture");
        Assert.DoesNotContain("<img", Html(Trial("a", 1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(61, 31)]
    [InlineData(121, 41)]
    public void LongCurve_HasSixtyPointsAtMost(int epochs, int points)
    {
        Directory.CreateDirectory(_folder["a-1"]);
        string html = Html(Trial("a", 1) with { History = History("test_accuracy", new double[epochs]) });
        string path = html[html.IndexOf("class=\"r0\" d=\"M", StringComparison.Ordinal)..];
        Assert.Equal(points, path[..path.IndexOf("\"/>", StringComparison.Ordinal)].Split('L').Length);
    }

    private string Html(params TrialResult[] trials)
    {
        var page = new ReportPage("page");
        var summary = Summary(trials);
        new TrialCards(summary, new StudyCurves(summary), new TrialLinks(_folder.Root)).AddTo(page);
        page.Save(_folder["page.html"]);
        return File.ReadAllText(_folder["page.html"]);
    }
}
