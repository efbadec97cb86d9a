using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Core;

public sealed class LiveLineTests
{
    [Fact]
    public void AsTheTerminalGetsNarrowerAndWider_OneLineIsLeft_AndNothingAboveIsLost()
    {
        using var screen = new TerminalScreen(80);
        var line = new LiveLine(screen, live: true, () => screen.Columns);
        line.WriteLine(["what stays"]);
        foreach (int columns in new[] { 80, 60, 40, 80, 25, 60 })
        {
            screen.Resize(columns);
            line.Show(new string('x', 100));
            Assert.Equal(["what stays", new string('x', columns - 2) + "…"], screen.Rows);
        }

        screen.Resize(30);
        line.WriteLine(["epoch 1/2", "train_loss 1.2500", "test_accuracy 0.5000"]);
        Assert.Equal(["what stays", "epoch 1/2  train_loss 1.2500", "  test_accuracy 0.5000", ""], screen.Rows);
        Assert.Equal(0, screen.Wraps);
    }

    /// <summary>A shorter text leaves nothing of a longer one.</summary>
    [Fact]
    public void ShorterText_StandsAlone()
    {
        using var screen = new TerminalScreen(40);
        var line = new LiveLine(screen, live: true, () => screen.Columns);
        line.Show("a longer text");
        line.Show("short");
        Assert.Equal(["short"], screen.Rows);
        line.Clear();
        Assert.Equal([""], screen.Rows);
    }

    [Fact]
    public void ConsoleWithoutASize_CountsAsEightyColumns()
    {
        using var screen = new TerminalScreen(200);
        Assert.Equal(79, new LiveLine(screen, live: true, () => 0).Room);
    }

    [Fact]
    public void NoConsole_CountsAsEightyColumns_AndANarrowOneAsTwenty()
    {
        using var text = new StringWriter();
        Assert.Equal(79, new LiveLine(text, live: false, () => throw new IOException("no console")).Room);
        Assert.Equal(19, new LiveLine(text, live: false, () => 3).Room);
        Assert.InRange(new LiveLine(text, live: false, null).Room, 19, int.MaxValue); // the console's, if there is one
    }

    [Theory]
    [InlineData(0, "00:00")]
    [InlineData(-5, "00:00")]
    [InlineData(59.6, "01:00")]
    [InlineData(3599, "59:59")]
    [InlineData(3600, "1:00:00")]
    [InlineData(3900, "1:05:00")]
    [InlineData(360_000, "100:00:00")]
    public void Clock_ShowsHoursBeyondSixtyMinutes(double seconds, string text) =>
        Assert.Equal(text, ClockText.Of(TimeSpan.FromSeconds(seconds)));
}
