using System.Globalization;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Averages the weights of the last epochs, each epoch alike, and measures how far they scatter: mean and standard
/// deviation of every weight. PyTorch's <c>AveragedModel</c>.</summary>
/// <remarks><para>After each epoch from <see cref="StartEpoch"/> on, <c>mean += (weight − mean) / (n + 1)</c>, on the device.
/// The deviation is that of Maddox et al., "A simple baseline for Bayesian uncertainty in deep learning" (2019), the diagonal of
/// SWAG. It is computed from the squared differences to the mean (Welford), not from the mean of squares, whose digits
/// cancel. Floating-point buffers such as the statistics of a batch normalisation are averaged too (PyTorch's
/// <c>use_buffers</c>); other buffers are the last ones. An interrupted epoch does not count.</para>
/// <para>Mean and deviation stay readable after the fit, until the next fit or <see cref="Dispose"/>. Izmailov et al.,
/// "Averaging weights leads to wider optima and better generalization" (2018).</para></remarks>
public sealed class StochasticWeightAverage : Callback, IStatefulCallback, IEvaluatedWeights, IDisposable
{
    private WeightMoments? _moments;
    private long _lastEpoch;

    /// <summary>The first epoch whose weights count; null (default) for the last quarter of the epochs, at least one.</summary>
    public int? StartEpoch { get; init; }

    /// <summary>Whether the model is given the mean at the end of a run that completed or was stopped early; default
    /// true.</summary>
    public bool ApplyAtEnd { get; init; } = true;

    /// <summary>Whether the mean is evaluated after each epoch too, on the validation and the test data; default true. The
    /// metrics are <c>val_loss_swa</c>, <c>test_accuracy_swa</c> and so on, from <see cref="StartEpoch"/> on; other callbacks
    /// may watch them. It takes as long as the evaluation of the weights.</summary>
    public bool EvaluateEachEpoch { get; init; } = true;

    /// <summary>The file of the mean; null (default) for <c>checkpoints/swa.safetensors</c> in the run directory, and no file
    /// where there is none.</summary>
    public string? Path { get; init; }

    /// <summary>The file of the deviation, under the weights' names; null (default) for
    /// <c>checkpoints/swa-deviation.safetensors</c> in the run directory, and no file where there is none.</summary>
    public string? DeviationPath { get; init; }

    /// <summary>How many epochs' weights are in the mean.</summary>
    public int Count => _moments?.Count ?? 0;

    /// <summary>The mean of each parameter and buffer by name, on the model's device; borrowed, and changed in place by the next
    /// epoch. Empty before the first of these epochs.</summary>
    public IReadOnlyDictionary<string, Tensor> Mean => Count == 0 ? new Dictionary<string, Tensor>() : _moments!.Mean;

    /// <inheritdoc/>
    public string StateKey => nameof(StochasticWeightAverage);

    /// <inheritdoc/>
    protected internal override bool SetsFinalWeights => ApplyAtEnd;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(StochasticWeightAverage)).AtLeast(1, nameof(StartEpoch), StartEpoch ?? 1).All;

    string? IEvaluatedWeights.MetricSuffix => EvaluateEachEpoch ? "_swa" : null;

    IDisposable? IEvaluatedWeights.Lend(nn.Module model) => Count == 0 ? null : new LentWeights(model, _moments!.Mean);

    /// <summary>The standard deviation of each floating-point parameter by name, over the <see cref="Count"/> epochs: 0 for one
    /// epoch. New tensors on the model's device; they belong to the current dispose scope, else to the caller. Empty before the
    /// first of these epochs.</summary>
    public IReadOnlyDictionary<string, Tensor> Deviation() =>
        Count == 0 ? new Dictionary<string, Tensor>() : _moments!.Deviation();

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        _moments?.Dispose();
        _moments = new WeightMoments(e.Context.Model);
        _lastEpoch = 0;
    }

    void IEvaluatedWeights.OnEpochTrained(FitContext context)
    {
        int start = StartEpoch ?? context.Options.Epochs - ((context.Options.Epochs - 1) / 4);
        if (context.Epoch > _lastEpoch && (Count > 0 || context.Epoch >= start))
        {
            _moments!.Add(context.Model);
            _lastEpoch = context.Epoch;
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (Count == 0 || !e.Record.IsFinite || e.Record.IsPartial)
        {
            return;
        }

        using var scope = NewDisposeScope();
        Save(e.Context, Path, "swa.safetensors", _moments!.Mean, ModelMetadata.Of(e.Context.Model, e.Context.Train));
        Save(e.Context, DeviationPath, "swa-deviation.safetensors", Deviation(), new() { ["format"] = "pt" });
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e)
    {
        if (ApplyAtEnd && Count > 0 && e.History.StopReason is StopReason.Completed or StopReason.StoppedEarly)
        {
            ModelSnapshot.Copy(_moments!.Mean, e.Context.Model.state_dict());
        }
    }

    /// <inheritdoc/>
    public void SaveState(CallbackState state)
    {
        state.Set("count", Count);
        state.Set("last_epoch", _lastEpoch);
        if (Count > 0)
        {
            state.Set(_moments!.Save());
        }
    }

    /// <inheritdoc/>
    public void LoadState(CallbackState state)
    {
        _lastEpoch = state.GetInteger("last_epoch");
        _moments!.Load((int)state.GetInteger("count"), state.Tensors);
    }

    /// <summary>Frees mean and deviation.</summary>
    public void Dispose()
    {
        _moments?.Dispose();
        _moments = null;
    }

    private void Save(
        FitContext context,
        string? own,
        string name,
        IReadOnlyDictionary<string, Tensor> tensors,
        Dictionary<string, string> metadata
    )
    {
        if (own is not null || context.RunDirectory is not null)
        {
            metadata["epochs"] = Count.ToString(CultureInfo.InvariantCulture);
            string path = context.PathOf(own, System.IO.Path.Combine("checkpoints", name));
            ModelWeights.Write(nameof(StochasticWeightAverage), tensors, _moments!.Parameters, path, metadata);
        }
    }
}
