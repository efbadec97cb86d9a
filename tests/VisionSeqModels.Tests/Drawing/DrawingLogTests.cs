using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Drawing;

/// <summary>Pictures that a fit's callbacks draw report to that fit's logger.</summary>
[Collection("Torch")]
public sealed class DrawingLogTests
{
    private const string InNoFont = "\uE0F8";

    [Fact]
    public void PicturesOfACallback_ReportToTheFitsLogger_EachFitToItsOwn()
    {
        var loggers = new[] { new ListLogger(), new ListLogger() };
        foreach (var log in loggers)
        {
            Fit(log);
        }

        Assert.All(loggers, log => Assert.Single(log.Warnings, line => line.Contains("U+E0F8", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task PicturesSideBySide_ReportEachToItsOwnLogger()
    {
        var loggers = Enumerable.Range(0, 8).Select(_ => new ListLogger()).ToList();
        await Task.WhenAll(
            loggers.Select(log =>
                Task.Run(() =>
                {
                    using var own = DrawingLog.To(log);
                    HeatMap.Draw(new double[2, 2], new HeatMapOptions { Title = $"a{InNoFont}" });
                })
            )
        );
        Assert.All(loggers, log => Assert.Single(log.Warnings));
    }

    [Fact]
    public void AFitWithoutALogger_LeavesTheHostsOne()
    {
        var (before, log) = (SkiaRuntime.Logger, new ListLogger());
        SkiaRuntime.Logger = log;
        try
        {
            Fit(null);
            Assert.Single(log.Warnings, line => line.Contains("U+E0F8", StringComparison.Ordinal));
        }
        finally
        {
            SkiaRuntime.Logger = before;
        }
    }

    private static void Fit(ListLogger? log)
    {
        using var scope = NewDisposeScope();
        using var model = nn.Linear(2, 2);
        var data = BatchSource.From("two", [new Batch(zeros(2, 2), zeros(2, dtype: ScalarType.Int64))]);
        var options = new TrainerOptions { Epochs = 2, Device = "cpu" };
        new Trainer(options, log) { Callbacks = { new Draws() } }.Fit(model, data);
    }

    private sealed class Draws : Callback
    {
        public override void OnEpochEnd(EpochEndEvent e) =>
            HeatMap.Draw(new double[2, 2], new HeatMapOptions { Title = $"a{InNoFont}" });
    }
}
