using System.Globalization;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Stops training when a figure has not improved for some epochs.</summary>
/// <remarks>Epochs without the figure (no evaluation) and epochs broken off do not count. The object can serve one fit after another:
/// each begins afresh.</remarks>
public sealed class EarlyStopping : Callback
{
    private BestValue _best = new(higherIsBetter: false);
    private int _epochsWithout;

    /// <summary>The figure to watch, for example <c>test_loss</c> (default) or <c>test_accuracy</c>.</summary>
    public string Monitor { get; init; } = "test_loss";

    /// <summary>How many epochs without improvement to allow; default 3: training stops after the third in a row. At least 1.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>The least difference that counts as an improvement; default 0.</summary>
    public double MinDelta { get; init; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Decide;

    /// <inheritdoc/>
    /// <exception cref="InvalidOptionsException">Patience or MinDelta out of range.</exception>
    /// <exception cref="ArgumentException">The run has no figure named <see cref="Monitor"/>.</exception>
    public override void OnFitStart(FitStartEvent e)
    {
        new OptionFaults(nameof(EarlyStopping))
            .AtLeast(1, nameof(Patience), Patience)
            .NotNegative(nameof(MinDelta), MinDelta)
            .ThrowIfAny();
        _best = new BestValue(e.Context.HigherIsBetter(Monitor), MinDelta);
        _epochsWithout = 0;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (e.Record.IsPartial || e.Record[Monitor] is not double value)
        {
            return;
        }

        _epochsWithout = _best.Improve(value, e.Record.Epoch) ? 0 : _epochsWithout + 1;
        if (_epochsWithout >= Patience)
        {
            e.Context.RequestStop(string.Create(
                CultureInfo.InvariantCulture,
                $"{Monitor} has not improved for {_epochsWithout} epochs; its best was {_best.Value:g6} in epoch {_best.Epoch}."));
        }
    }
}
