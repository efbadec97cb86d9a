using System.Globalization;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Saves the model's weights as safetensors: the last epoch's, the best one's, every so many epochs, and the best
/// few.</summary>
/// <remarks> Files: <c>last.safetensors</c>, <c>best.safetensors</c>, <c>epoch-0010.safetensors</c>
/// (<see cref="SaveEveryEpochs"/>), <c>top-epoch-0007.safetensors</c> (<see cref="KeepTop"/>). All are real files, each
/// whole or absent. Where <see cref="Monitor"/> is a metric of averaged weights, such as <c>test_loss_ema</c>, the best
/// files hold the averaged weights. An epoch whose loss or weights are not finite is not saved; an interrupted epoch is
/// never among the best, nor one whose metric is NaN or infinite. <see cref="ModelFile.Load(string)"/> builds the model from
/// such a file alone: the file's metadata has its <see cref="ModelDescription"/>, with class names and normalisation, and
/// epoch, metrics and the metric that chose the best. Python reads the weights with the <c>safetensors</c> package. A write
/// that fails ends the run.</remarks>
public sealed class ModelCheckpoint : Callback, IStatefulCallback, IMonitor
{
    private BestValue _best = new(higherIsBetter: false);
    private TopEpochs _top = new(higherIsBetter: false, limit: 0);
    private string _directory = "";
    private string _monitor = "";

    /// <summary>The folder; null (default) for <c>checkpoints</c> in the run directory, or in the current directory where
    /// there is none.</summary>
    public string? Directory { get; init; }

    /// <summary>The metric that decides which epoch is best; null (default) for the loss on the validation data, else on the test
    /// data, else on the training data.</summary>
    public string? Monitor { get; init; }

    /// <summary>Whether to save each epoch's weights as <c>last.safetensors</c>; default true.</summary>
    public bool SaveLast { get; init; } = true;

    /// <summary>Whether to save the best epoch's weights as <c>best.safetensors</c>; default true.</summary>
    public bool SaveBest { get; init; } = true;

    /// <summary>Keep the weights of every so many epochs in files of their own; default 0, none.</summary>
    public int SaveEveryEpochs { get; init; }

    /// <summary>Keep the weights of so many best epochs in files of their own; default 0, none.</summary>
    public int KeepTop { get; init; }

    /// <summary>Where the best weights are, or null before the first were saved.</summary>
    public string? BestPath { get; private set; }

    /// <summary>Where the last weights are, or null before the first were saved.</summary>
    public string? LastPath { get; private set; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Persist;

    /// <inheritdoc/>
    public string StateKey => $"{nameof(ModelCheckpoint)}({_monitor}, {Path.GetFileName(_directory)})";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(ModelCheckpoint))
            .AtLeast(0, nameof(SaveEveryEpochs), SaveEveryEpochs)
            .AtLeast(0, nameof(KeepTop), KeepTop)
            .All;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        _directory = e.Context.PathOf(Directory, "checkpoints");
        _monitor = Monitor ?? e.Context.DefaultMonitor;
        _best = new BestValue(e.Context.HigherIsBetter(_monitor));
        _top = new TopEpochs(e.Context.HigherIsBetter(_monitor), KeepTop);
        BestPath = LastPath = null;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (!e.Record.IsFinite)
        {
            return;
        }

        if (SaveLast)
        {
            LastPath = Save(e, "last.safetensors");
        }

        if (e.Record.IsPartial)
        {
            return;
        }

        if (SaveEveryEpochs > 0 && e.Record.Epoch % SaveEveryEpochs == 0)
        {
            Save(e, NameOf("epoch", e.Record.Epoch));
        }

        if (e.Record[_monitor] is double value)
        {
            SaveAmongTheBest(e, value);
        }
    }

    /// <inheritdoc/>
    public void SaveState(CallbackState state)
    {
        _best.SaveTo(state);
        _top.SaveTo(state);
    }

    /// <inheritdoc/>
    public void LoadState(CallbackState state)
    {
        _best.LoadFrom(state);
        _top.LoadFrom(state);
        string best = Path.Combine(_directory, "best.safetensors");
        BestPath = File.Exists(best) ? best : null;
    }

    private void SaveAmongTheBest(EpochEndEvent e, double value)
    {
        using var lent = e.Context.Lend(_monitor);
        if (_best.Improve(value, e.Record.Epoch) && SaveBest)
        {
            BestPath = Save(e, "best.safetensors");
        }

        if (_top.TryEnter(value, e.Record.Epoch, out int? fallen))
        {
            Save(e, NameOf("top-epoch", e.Record.Epoch));
            if (fallen is int epoch)
            {
                // only now: one more than asked for, never one less
                FileSystem.Current.Delete(Path.Combine(_directory, NameOf("top-epoch", epoch)));
            }
        }
    }

    private static string NameOf(string kind, int epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}-{epoch:d4}.safetensors");

    private string Save(EpochEndEvent e, string name)
    {
        string path = Path.Combine(_directory, name);
        var metadata = ModelMetadata.Of(e.Context.Model, e.Context.Train);
        metadata["epoch"] = e.Record.Epoch.ToString(CultureInfo.InvariantCulture);
        metadata["monitor"] = _monitor;
        foreach (var (metric, value) in e.Record.Metrics)
        {
            metadata[metric] = value.ToString("r", CultureInfo.InvariantCulture);
        }

        e.Context.Model.SaveWeights(path, metadata);
        return path;
    }
}
