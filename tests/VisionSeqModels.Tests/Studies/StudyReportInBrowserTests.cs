using VisionSeqModels.Data;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The report as a browser shows it.</summary>
[Collection("Torch")]
public sealed class StudyReportInBrowserTests
{
    private const string Script = """
        const charts = [...document.querySelectorAll('svg[role=img]')];
        const box = document.querySelector('.pick');
        const line = document.querySelector('[data-pick="' + box.id + '"]');
        const before = line.getBoundingClientRect().height;
        box.click();
        const hidden = line.getBoundingClientRect().height;
        box.click();
        const again = line.getBoundingClientRect().height;
        const text = charts[0].querySelector('text');
        return {
            charts: charts.length,
            empty: charts.filter(chart => ![...chart.querySelectorAll('polyline')].some(line => line.points.length > 1 && line.getBoundingClientRect().width > 20)).length,
            values: document.querySelectorAll('circle title').length,
            before, hidden, again,
            width: document.documentElement.clientWidth, scroll: document.documentElement.scrollWidth,
            letters: parseFloat(getComputedStyle(text).fontSize) * charts[0].getBoundingClientRect().width / charts[0].viewBox.baseVal.width,
            ink: getComputedStyle(document.body).color, ground: getComputedStyle(document.body).backgroundColor,
        };
        """;

    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1280)]
    public void Report_HasNoFault_ShowsAllCharts_AndFits(int width)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        var plan = StudyPlan.List([("a setting with a name that is long, as those of a grid over many factors are", 0.01), ("one that diverges", 1e38), ("one that throws", 0), .. Enumerable.Range(1, 8).Select(i => ($"rate 0.{i}", i / 10.0))]);
        Study.Run(folder["study"], plan, (rate, _) => rate == 0 ? throw new InvalidOperationException("a reason of some length that names/a/path/without/any/space/in/it/which/no/table/can/break/where/it/would/like/to") : new StudyTrial
        {
            Model = TinyModel.Create(), Options = new TrainerOptions { Epochs = 3, BatchSize = 16, Device = "cpu", Optimizer = new SgdOptions { LearningRate = rate } },
        }, new FitData { Train = data, Test = data }, new StudyOptions { Seeds = [1, 2] }).WriteReport();

        var found = Browser.Look(folder["study/report.html"], width, Script);
        double Of(string name) => (double)found[name]!;
        Assert.Empty(found["faults"]!.AsArray());
        Assert.Equal(4 + (2 * 11), Of("charts"));
        Assert.Equal(2 * 2, Of("empty")); // the two small charts of the trials that have no epoch, for each of two figures
        Assert.True(Of("values") >= 4 * 18 * 3);
        Assert.True(Of("before") > 0 && Of("hidden") == 0 && Of("again") == Of("before"));
        Assert.Equal(width, Of("width"), tolerance: 20.0); // the scroll bar
        Assert.True(Of("scroll") <= Of("width"), $"the page is {Of("scroll")} wide");
        Assert.True(Of("letters") >= 9, $"letters of {Of("letters")} pixels");
        Assert.NotEqual((string?)found["ink"], (string?)found["ground"]);
    }
}
