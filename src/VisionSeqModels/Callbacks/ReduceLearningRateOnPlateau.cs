using VisionSeqModels.Core;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Lowers the learning rate when a metric has not improved for some epochs; PyTorch's ReduceLROnPlateau. It scales
/// what the schedule gives.</summary>
/// <remarks>Epochs without the metric, interrupted epochs and those whose metric is NaN (undefined, not bad) do not count;
/// an infinite metric is no improvement. What it knows and the scale reached are part
/// of the run's state.</remarks>
public sealed class ReduceLearningRateOnPlateau : Callback, IStatefulCallback, IMonitor
{
    private BestValue _best = new(higherIsBetter: false);
    private string _monitor = "";
    private int _epochsWithout;
    private int _cooldown;

    /// <summary>The metric to watch; null (default) for the loss on the validation data, else on the test data, else on the
    /// training data.</summary>
    public string? Monitor { get; init; }

    /// <summary>What the learning rate is multiplied by; default 0.1, above 0 and below 1.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>How many epochs without improvement to allow; default 10: the one after them lowers the rate, as in
    /// PyTorch. At least 0.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Epochs after a change in which nothing is counted; default 0.</summary>
    public int Cooldown { get; init; }

    /// <summary>The least difference that counts as an improvement; default 0.</summary>
    public double MinimumDelta { get; init; }

    /// <summary>The least that the scale may become; default 0.</summary>
    public double MinimumScale { get; init; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Decide;

    /// <inheritdoc/>
    public string StateKey => $"{nameof(ReduceLearningRateOnPlateau)}({_monitor})";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(ReduceLearningRateOnPlateau))
            .Require(Factor is > 0 and < 1, nameof(Factor), "above 0 and below 1", Factor)
            .AtLeast(0, nameof(Patience), Patience)
            .AtLeast(0, nameof(Cooldown), Cooldown)
            .NotNegative(nameof(MinimumDelta), MinimumDelta)
            .BelowOne(nameof(MinimumScale), MinimumScale)
            .All;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        _monitor = Monitor ?? e.Context.DefaultMonitor;
        _best = new BestValue(e.Context.HigherIsBetter(_monitor), MinimumDelta);
        _epochsWithout = _cooldown = 0;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (e.Record.IsPartial || !e.Record.IsFinite || e.Record[_monitor] is not double value || double.IsNaN(value))
        {
            return;
        }

        _epochsWithout = _best.Improve(value, e.Record.Epoch) ? 0 : _epochsWithout + 1;
        if (_cooldown > 0)
        {
            _cooldown--;
            _epochsWithout = 0;
        }

        if (_epochsWithout > Patience)
        {
            e.Context.LearningRateScale = Math.Max(e.Context.LearningRateScale * Factor, MinimumScale);
            _cooldown = Cooldown;
            _epochsWithout = 0;
        }
    }

    /// <inheritdoc/>
    public void SaveState(CallbackState state)
    {
        _best.SaveTo(state);
        state.Set("epochs_without", _epochsWithout);
        state.Set("cooldown", _cooldown);
    }

    /// <inheritdoc/>
    public void LoadState(CallbackState state)
    {
        _best.LoadFrom(state);
        _epochsWithout = (int)state.GetInteger("epochs_without");
        _cooldown = (int)state.GetInteger("cooldown");
    }
}
