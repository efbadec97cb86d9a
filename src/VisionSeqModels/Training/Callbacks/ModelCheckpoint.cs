using System.Globalization;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Saves the model's weights after each epoch, as <c>last.safetensors</c>, and those of the best epoch as <c>best.safetensors</c>.</summary>
/// <remarks>
/// Both are real files, each whole or absent. Weights of an epoch whose training loss is not finite are not saved; neither is an
/// epoch that was broken off ever the best. Load them with <see cref="ModelWeights.LoadWeights"/>, or in Python with the
/// <c>safetensors</c> package; epoch, figures and the figure that chose the best are in the file's metadata.
/// </remarks>
public sealed class ModelCheckpoint : Callback
{
    private BestValue _best = new(higherIsBetter: false);
    private string _directory = "";
    private string _monitor = "";

    /// <summary>The folder; null (default) for <c>checkpoints</c> in the run directory, or in the current directory where there is none.</summary>
    public string? Directory { get; init; }

    /// <summary>The figure that tells the best epoch; null (default) for <c>test_loss</c>, or <c>train_loss</c> where there is no test data.</summary>
    public string? Monitor { get; init; }

    /// <summary>Whether to save each epoch's weights as <c>last.safetensors</c>; default true.</summary>
    public bool SaveLast { get; init; } = true;

    /// <summary>Whether to save the best epoch's weights as <c>best.safetensors</c>; default true.</summary>
    public bool SaveBest { get; init; } = true;

    /// <summary>Where the best weights are, or null before the first were saved.</summary>
    public string? BestPath { get; private set; }

    /// <summary>Where the last weights are, or null before the first were saved.</summary>
    public string? LastPath { get; private set; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Persist;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The run has no figure named <see cref="Monitor"/>.</exception>
    public override void OnFitStart(FitStartEvent e)
    {
        _directory = Directory ?? Path.Combine(e.Context.RunDirectory ?? "", "checkpoints");
        _monitor = Monitor ?? (e.Context.Test is null ? "train_loss" : "test_loss");
        _best = new BestValue(e.Context.HigherIsBetter(_monitor));
        BestPath = LastPath = null;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (!double.IsFinite(e.Record.TrainLoss))
        {
            return;
        }

        if (SaveLast)
        {
            LastPath = Save(e, "last.safetensors");
        }

        if (SaveBest && !e.Record.IsPartial && e.Record[_monitor] is double value && _best.Improve(value, e.Record.Epoch))
        {
            BestPath = Save(e, "best.safetensors");
        }
    }

    private string Save(EpochEndEvent e, string name)
    {
        string path = Path.Combine(_directory, name);
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt", // what Python's readers look for
            ["epoch"] = e.Record.Epoch.ToString(CultureInfo.InvariantCulture),
            ["monitor"] = _monitor,
        };
        foreach (var (metric, value) in e.Record.Metrics)
        {
            metadata[metric] = value.ToString("r", CultureInfo.InvariantCulture);
        }

        e.Context.Model.SaveWeights(path, metadata);
        return path;
    }
}
