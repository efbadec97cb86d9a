using CsCheck;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;
using VisionSeqModels.Tests.Studies;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Core;

/// <summary>Names of metrics, trials and classes lose what a terminal obeys and what turns a text around, wherever people read
/// them.</summary>
[Collection("Torch")]
public sealed class PlainTextTests
{
    private const string Dirty = "lr\u001b[31m \u202e0.1\u2066\u0007\u0085b\u2028c\ud800";
    private const string Clean = "lr[31m 0.1 b c";

    [Fact]
    public void UnpairedSurrogate_IsLost() => Assert.Equal(Clean, PlainText.Of(Dirty));

    [Theory]
    [InlineData("a\r\nb\tc", "a b c")]
    [InlineData("Größe 数据 \ud83d\udc68\u200d\ud83d\udcbb ۱۲", "Größe 数据 \ud83d\udc68\u200d\ud83d\udcbb ۱۲")]
    [InlineData("\u200e\u200f\u061c\ufeff", "")]
    public void Text_LosesWhatIsNoLetter(string text, string expected) => Assert.Equal(expected, PlainText.Of(text));

    [Fact]
    public void AnyText_HasNoControlCharacterNorMarkOfDirection() =>
        Gen
            .Char.Array[0, 40]
            .Sample(
                letters =>
                {
                    string plain = PlainText.Of(new string(letters));
                    Assert.DoesNotContain(plain, char.IsControl);
                    Assert.DoesNotContain(plain, letter => letter is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069');
                    Assert.Equal(plain, PlainText.Of(plain));
                },
                iter: 3000,
                threads: 1
            );

    public static TheoryData<string> Pictures => [.. PictureOf.Keys];

    private static Dictionary<string, Func<string, Picture>> PictureOf { get; } =
        new()
        {
            ["line chart, title"] = name => LineChart.Draw([Line("a")], new LineChartOptions { Title = name }),
            ["line chart, axes"] = name => LineChart.Draw([Line("a")], new LineChartOptions { XTitle = name, YTitle = name }),
            ["line chart, legend"] = name => LineChart.Draw([Line(name)]),
            ["heat map, names"] = name =>
                HeatMap.Draw(
                    new double[1, 1],
                    new HeatMapOptions
                    {
                        Title = name,
                        RowNames = [name],
                        ColumnNames = [name],
                        RowTitle = name,
                        ColumnTitle = name,
                        Meaning = name,
                        CellText = (_, _) => name,
                    }
                ),
            ["image grid, title and caption"] = name =>
            {
                using var scope = NewDisposeScope();
                return ImageGrid.Draw(
                    [ImageTile.OfPixels(zeros(1, 4, 4, dtype: ScalarType.Byte), name)],
                    new ImageGridOptions { Title = name }
                );
            },
        };

    /// <summary>A picture has no text that can be searched: the same pixels come of the clean name.</summary>
    [Theory]
    [MemberData(nameof(Pictures))]
    public void Picture_IsThatOfTheCleanName(string kind) =>
        Assert.Equal(PictureOf[kind](Clean).ToPng(), PictureOf[kind](Dirty).ToPng());

    public static TheoryData<string> Parts => [.. PageOf.Keys];

    private static Dictionary<string, Func<string, ReportPage>> PageOf { get; } =
        new()
        {
            ["title"] = name => new ReportPage(name),
            ["section"] = name => new ReportPage("t").Section(name),
            ["paragraph"] = name => new ReportPage("t").Paragraph(name),
            ["note"] = name => new ReportPage("t").Note(name),
            ["code"] = name => new ReportPage("t").Code(name),
            ["table"] = name =>
                new ReportPage("t").Table(
                    [name, name],
                    [
                        [name, name],
                    ]
                ),
            ["caption"] = name => new ReportPage("t").Picture(LineChart.Draw([Line("a")]), name),
        };

    [Theory]
    [MemberData(nameof(Parts))]
    public void Page_IsThatOfTheCleanName(string part)
    {
        using var folder = new TempFolder();
        PageOf[part](Clean).Save(folder["clean"]);
        PageOf[part](Dirty).Save(folder["dirty"]);
        Assert.Equal(File.ReadAllText(folder["clean"]), File.ReadAllText(folder["dirty"]));
    }

    /// <summary>HTML with its SVG, and Markdown: settings, factors, metrics, failures and the question.</summary>
    [Theory]
    [InlineData("report.html")]
    [InlineData("report.md")]
    public void StudysReport_HasNoControlCharacterOfAName(string file)
    {
        using var folder = new TempFolder();
        const string dirty = "lr\u001b[31m \u202e0.1\u2066\u0007";
        var study = new MadeUpStudy(folder.Root) { Question = dirty }
            .Add(dirty, new() { [dirty] = dirty }, 1, 2, epoch => [("train_loss", 1), ("test_accuracy", 0.5), (dirty, epoch)])
            .Add("b", new() { [dirty] = "b" }, 1, 2, epoch => [("train_loss", 2), ("test_accuracy", 0.4), (dirty, epoch)])
            .AddFailure("c", new() { [dirty] = "c" }, 1, dirty)
            .Open();

        study.WriteReport();

        string text = File.ReadAllText(folder[file]);
        Assert.Contains("[31m 0.1", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, letter => (char.IsControl(letter) && letter is not '\n') || letter is '\u202e' or '\u2066');
    }

    [Fact]
    public void ProgressReporter_WritesNoEscapeOfAMetric()
    {
        using var writer = new StringWriter();
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                Seed = 1,
                Metrics = [new NamedMetric("a\u001b[2J\u202eb")],
            }
        )
        {
            Callbacks = { new ProgressReporter(writer) },
        }.Fit(model, data);

        Assert.Contains("train_a[2Jb 1.0000", writer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', writer.ToString());
    }

    [Theory]
    [InlineData(TrialEvent.Started)]
    [InlineData(TrialEvent.EpochEnd)]
    [InlineData(TrialEvent.Paused)]
    [InlineData(TrialEvent.DoneBefore)]
    [InlineData(TrialEvent.Ended)]
    public void StudyProgressReporter_WritesNoEscapeOfASettingAMetricOrAReason(TrialEvent what)
    {
        using var writer = new StringWriter();
        new StudyProgressReporter(writer).Report(
            new StudyProgress
            {
                Event = what,
                Trial = 1,
                TrialCount = 2,
                Setting = "\u001b]0;x\u0007",
                Seed = 1,
                Record = Epoch.Of(1, "m\u001b", 1),
                Outcome = StopReason.Failed,
                Reason = "\u001b[2J",
            }
        );

        Assert.NotEqual("", writer.ToString());
        Assert.DoesNotContain(writer.ToString(), letter => letter is '\u001b' or '\u0007');
    }

    private static LineSeries Line(string name) =>
        new()
        {
            Name = name,
            X = [1, 2],
            Y = [1, 2],
        };
}
