using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Training;
using VisionSeqModels.Visualization;

namespace VisionSeqModels;

/// <summary>Measures the activations of layers after each epoch and shows how they change: mean, standard deviation, fraction
/// of zeros and of dead channels.</summary>
/// <remarks>Files: <c>activation_history.png</c> and <c>.json</c>, rewritten each time.</remarks>
/// <param name="data">What to measure on, for example a part of the test data; it stays the caller's.</param>
public sealed class ActivationHistory(IBatchSource data) : Callback
{
    private readonly List<(int Epoch, ActivationStatistics Report)> _reports = [];
    private string _directory = "";

    /// <summary>Which layers, and how many images at a time; default every convolution's activation.</summary>
    public ActivationStatisticsOptions Options { get; init; } = new();

    /// <summary>Measure after every so many epochs; default 1, at least 1.</summary>
    public int MeasureEveryEpochs { get; init; } = 1;

    /// <summary>The folder; null (default) for the run directory, or the current directory where there is none.</summary>
    public string? Directory { get; init; }

    /// <summary>What was measured, by epoch.</summary>
    public IReadOnlyList<(int Epoch, ActivationStatistics Report)> Reports => _reports;

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Report;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(ActivationHistory))
            .Require(data is not null, nameof(data), "set", null)
            .Require(Options is not null, nameof(Options), "set", null)
            .Include(nameof(Options), FaultsOf(Options))
            .AtLeast(1, nameof(MeasureEveryEpochs), MeasureEveryEpochs)
            .All;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        ProbedLayers.Check(e.Context.Model, Options.Layers); // names that are not there are said before the first epoch
        _directory = e.Context.PathOf(Directory);
        _reports.Clear();
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (e.Record.Epoch % MeasureEveryEpochs != 0 || !e.Record.IsFinite || e.Record.IsPartial)
        {
            return;
        }

        _reports.Add((e.Record.Epoch, ActivationStatistics.Measure(e.Context.Model, data, Options)));
        var picture = Chart();
        picture.SavePng(Path.Combine(_directory, "activation_history.png"));
        AtomicFile.WriteAllText(
            Path.Combine(_directory, "activation_history.json"),
            new JsonArray([.. _reports.Select(entry => Json(entry.Epoch, entry.Report))]).ToJsonString(JsonFormat.Compact) + "\n"
        );
        e.Context.Publish("activation_history", picture);
    }

    /// <summary>Draws the four statistics of each layer over the epochs.</summary>
    public Picture Chart() =>
        Picture.Tiled(
            [
                Panel("Mean", layer => layer.All.Mean),
                Panel("Standard deviation", layer => layer.All.StandardDeviation),
                Panel("Fraction of zeros", layer => layer.All.ZeroFraction),
                Panel("Fraction of dead channels", layer => layer.DeadFraction),
            ],
            columns: 2
        );

    private static JsonObject Json(int epoch, ActivationStatistics report) =>
        new()
        {
            ["epoch"] = epoch,
            ["source"] = report.Source,
            ["layers"] = new JsonArray([.. report.Layers.Select(JsonFormat.Node)]),
        };

    private Picture Panel(string title, Func<LayerStatistics, double> statistic) =>
        LineChart.Draw(
            [
                .. Enumerable
                    .Range(0, _reports[0].Report.Layers.Count)
                    .Select(i => new LineSeries
                    {
                        Name = _reports[0].Report.Layers[i].Title,
                        X = [.. _reports.Select(entry => (double)entry.Epoch)],
                        Y = [.. _reports.Select(entry => statistic(entry.Report.Layers[i]))],
                    }),
            ],
            new LineChartOptions { Title = title, XTitle = "epoch" }
        );

    private static IReadOnlyList<string> FaultsOf(ActivationStatisticsOptions? options)
    {
        try
        {
            options?.Validate();
            return [];
        }
        catch (InvalidOptionsException e)
        {
            return e.Faults;
        }
    }
}
