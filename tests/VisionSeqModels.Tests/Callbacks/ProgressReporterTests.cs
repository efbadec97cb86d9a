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

    [Fact]
    public void Live_RedrawsOneLineAndClearsItBeforeTheEpochsLine()
    {
        using var writer = new StringWriter();
        Fit(new ProgressReporter(writer, live: true, new FastClock()), epochs: 1);

        string text = writer.ToString();
        Assert.Contains("\repoch 1/1 [######", text, StringComparison.Ordinal);
        Assert.Contains("samples/s", text, StringComparison.Ordinal);
        Assert.Contains("ETA", text, StringComparison.Ordinal);
        string last = text.Split('\r')[^1];
        Assert.StartsWith("epoch 1/1  train_loss", last, StringComparison.Ordinal);
    }

    [Fact]
    public void InAGermanCulture_NumbersHavePoints()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            using var writer = new StringWriter(CultureInfo.CurrentCulture);
            Fit(new ProgressReporter(writer, live: true, new FastClock()), epochs: 1);
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

    /// <summary>A second passes whenever somebody looks.</summary>
    private sealed class FastClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}
