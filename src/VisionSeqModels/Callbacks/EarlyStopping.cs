using System.Globalization;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Stops training when a metric has not improved for some epochs, and gives the model back with the weights of the
/// best one.</summary>
/// <remarks>Epochs without the metric (no evaluation), interrupted epochs and those whose metric is NaN do not count: NaN
/// means that the metric is undefined, not that it is bad. An infinite metric is no improvement. The object can serve one
/// fit after another: each begins afresh. A resumed run counts on; with more patience than before, a stopped one
/// continues.</remarks>
#pragma warning disable CA1001 // the copy of the weights lives from OnFitStart to OnFitEnd, which always comes
public sealed class EarlyStopping : Callback, IStatefulCallback, IMonitor
#pragma warning restore CA1001
{
    private BestValue _best = new(higherIsBetter: false);
    private ModelSnapshot? _bestWeights;
    private FitContext? _context;
    private string _monitor = "";
    private string? _stopMessage;
    private int _epochsWithout;

    /// <summary>The metric to watch, for example <c>test_accuracy</c>; null (default) for the loss on the validation data,
    /// else on the test data, else on the training data.</summary>
    public string? Monitor { get; init; }

    /// <summary>How many epochs without improvement to allow; default 3: training stops after the third in a row. At least
    /// 1.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>The least difference that counts as an improvement; default 0.</summary>
    public double MinimumDelta { get; init; }

    /// <summary>The first epoch that counts; default 1. Earlier ones are neither the best nor without improvement.</summary>
    public int StartEpoch { get; init; } = 1;

    /// <summary>What the metric must be better than (by more than <see cref="MinimumDelta"/>) for the first improvement;
    /// default null, anything. A run that never gets there stops after <see cref="Patience"/> epochs and keeps its last
    /// weights.</summary>
    public double? Baseline { get; init; }

    /// <summary>Whether the model ends with the weights of the best epoch, also where the run came to its end without being
    /// stopped; default true. A run that was cancelled or failed keeps its last ones. It costs a copy of the
    /// weights. Where <see cref="Monitor"/> is a metric of averaged weights, such as <c>test_loss_ema</c>, these are the
    /// averaged ones.</summary>
    public bool RestoreBestWeights { get; init; } = true;

    /// <summary>The epoch whose metric was best in the last fit; 0 where none had it.</summary>
    public int BestEpoch => _best.Epoch;

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Decide;

    /// <inheritdoc/>
    public string StateKey => $"{nameof(EarlyStopping)}({_monitor})";

    /// <inheritdoc/>
    protected internal override bool SetsFinalWeights => RestoreBestWeights;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(EarlyStopping))
            .AtLeast(1, nameof(Patience), Patience)
            .NotNegative(nameof(MinimumDelta), MinimumDelta)
            .AtLeast(1, nameof(StartEpoch), StartEpoch)
            .Require(Baseline is null || double.IsFinite(Baseline.Value), nameof(Baseline), "null or a finite number", Baseline)
            .All;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        _context = e.Context;
        _monitor = Monitor ?? e.Context.DefaultMonitor;
        _best = new BestValue(e.Context.HigherIsBetter(_monitor), MinimumDelta, Baseline);
        _epochsWithout = 0;
        _stopMessage = null;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (
            e.Record.Epoch < StartEpoch
            || e.Record.IsPartial
            || !e.Record.IsFinite
            || e.Record[_monitor] is not double value
            || double.IsNaN(value)
        )
        {
            return;
        }

        if (_best.Improve(value, e.Record.Epoch))
        {
            _epochsWithout = 0;
            Keep(e.Context);
        }
        else
        {
            _epochsWithout++;
        }

        if (_epochsWithout >= Patience)
        {
            _stopMessage = string.Create(
                CultureInfo.InvariantCulture,
                $"{_monitor} has not improved for {_epochsWithout} epoch{(_epochsWithout == 1 ? "" : "s")}; {Best()}."
            );
            e.Context.RequestStop(_stopMessage);
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e)
    {
        if (e.History.StopReason is not (StopReason.Failed or StopReason.Cancelled))
        {
            _bestWeights?.Restore(e.Context.Model);
        }

        _bestWeights?.Dispose();
        _bestWeights = null;
        _context = null;
    }

    /// <inheritdoc/>
    public void SaveState(CallbackState state)
    {
        _best.SaveTo(state);
        state.Set("epochs_without", _epochsWithout);
        if (_stopMessage is not null)
        {
            state.Set("said", _stopMessage);
        }

        if (_bestWeights is not null)
        {
            state.Set(_bestWeights.Tensors);
        }
    }

    /// <inheritdoc/>
    public void LoadState(CallbackState state)
    {
        _best.LoadFrom(state);
        _epochsWithout = (int)state.GetInteger("epochs_without");
        _stopMessage = state.GetText("said");
        if (RestoreBestWeights && state.Tensors.Count > 0)
        {
            _bestWeights = new ModelSnapshot(_context!.Model);
            _bestWeights.Load(state.Tensors);
        }

        if (_stopMessage is not null && _stopMessage == _context!.Stop.Request && _epochsWithout < Patience)
        {
            _stopMessage = null;
            _context.Stop.Withdraw(); // there is more patience now
        }
    }

    private string Best() =>
        _best.Epoch > 0 ? string.Create(CultureInfo.InvariantCulture, $"its best was {_best.Value:g6} in epoch {_best.Epoch}")
        : Baseline is double baseline
            ? string.Create(CultureInfo.InvariantCulture, $"it was never better than the baseline {baseline:g6}")
        : "it was never finite";

    private void Keep(FitContext context)
    {
        if (RestoreBestWeights)
        {
            using var lent = context.Lend(_monitor);
            _bestWeights ??= new ModelSnapshot(context.Model);
            _bestWeights.Capture(context.Model);
        }
    }
}
