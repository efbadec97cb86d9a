using System.Globalization;

namespace VisionSeqModels.Tests.Callbacks;

[Collection("Torch")]
public sealed class ProgressReporterTests
{
    [Fact]
    public void Plain_WritesOneLineAnEpochAndNoCarriageReturn()
    {
        using var writer = new StringWriter();
        Fit(new ProgressReporter(writer), epochs: 2);

        string[] lines = writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("epoch 1/2  train_loss ", lines[0], StringComparison.Ordinal);
        Assert.Contains("test_accuracy", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain(writer.ToString(), text => text == '\r' && Environment.NewLine == "\n");
    }

    /// <summary>With a metric of a long name, and the time that is left; the evaluation is shown too.</summary>
    [Theory]
    [InlineData(80)]
    [InlineData(60)]
    [InlineData(40)]
    public void Live_RedrawsOneLineThatNeverWraps_AndLeavesTheEpochsLines(int columns)
    {
        using var screen = new TerminalScreen(columns);
        using var shown = new Recorder(screen);
        Fit(new ProgressReporter(shown, live: true, new FastClock(), () => columns), epochs: 2);

        Assert.Equal(0, screen.Wraps);
        Assert.Contains("\repoch 1/2 [####", shown.Text, StringComparison.Ordinal);
        Assert.Contains("  ETA 0", shown.Text, StringComparison.Ordinal);
        Assert.Contains("  evaluating", shown.Text, StringComparison.Ordinal);
        string[] rows = [.. screen.Rows.Where(row => row.Length > 0)];
        Assert.Equal(2, rows.Count(row => row.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.All(rows, row => Assert.DoesNotContain("ETA", row, StringComparison.Ordinal));
        Assert.Empty(screen.OtherEscapes);
    }

    [Fact]
    public void DumbTerminal_GetsALineAnEpoch()
    {
        string? before = Environment.GetEnvironmentVariable("TERM");
        Environment.SetEnvironmentVariable("TERM", "dumb");
        try
        {
            using var writer = new StringWriter();
            Fit(new ProgressReporter(writer, live: true, new FastClock()), epochs: 2);
            Assert.DoesNotContain("ETA", writer.ToString(), StringComparison.Ordinal);
            Assert.Equal(2, writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Length);
        }
        finally
        {
            Environment.SetEnvironmentVariable("TERM", before);
        }
    }

    [Fact]
    public void InAGermanCulture_NumbersHavePoints()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            using var writer = new StringWriter(CultureInfo.CurrentCulture);
            Fit(new ProgressReporter(writer, live: true, new FastClock(), () => 80), epochs: 1);
            Assert.DoesNotContain(",", writer.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void Fit(ProgressReporter reporter, int epochs)
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        new Trainer(new TrainerOptions { Epochs = epochs, Seed = 1 }) { Callbacks = { reporter } }.Fit(model, data, data);
    }

    /// <summary>Keeps what goes to a terminal.</summary>
    private sealed class Recorder(TerminalScreen screen) : StringWriter(CultureInfo.InvariantCulture)
    {
        private readonly System.Text.StringBuilder _text = new();

        public string Text => _text.ToString();

        public override void Write(string? value)
        {
            _text.Append(value);
            screen.Write(value);
        }

        public override void WriteLine(string? value) => Write(value + "\n");
    }

    /// <summary>A second passes whenever somebody looks.</summary>
    private sealed class FastClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}
