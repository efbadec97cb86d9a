using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Keeps a running average of the weights over the steps, which often does better than the last weights alone.</summary>
/// <remarks> After each step <c>average = d · average + (1 − d) · weight</c>, on the device. <c>d</c> is <see cref="Decay"/>, or
/// <c>(1 + n) / (10 + n)</c> after <c>n</c> steps while that is less (<see cref="WarmUp"/>): so a short run's average is one of
/// trained weights, not of the initial ones. Buffers such as batch normalisation's are taken as they are, unless
/// <see cref="RecomputeStatistics"/> is set. The average is saved as <c>checkpoints/ema.safetensors</c> after each epoch.
/// Training and the other checkpoints use the weights themselves until the end, when the model is given the average
/// (<see cref="ApplyAtEnd"/>); both are evaluated (<see cref="EvaluateEachEpoch"/>). Polyak and Juditsky, "Acceleration of
/// stochastic approximation by averaging" (1992).
/// </remarks>
#pragma warning disable CA1001 // the average lives from OnFitStart to OnFitEnd, which always comes
public sealed class ExponentialMovingAverage : Callback, IStatefulCallback, IEvaluatedWeights
#pragma warning restore CA1001
{
    private ModelSnapshot? _average;
    private HashSet<string> _parameters = [];
    private long _recomputedAt = -1; // the step

    /// <summary>How much of the average stays from step to step; default 0.999, at least 0 and below 1.</summary>
    public double Decay { get; init; } = 0.999;

    /// <summary>Whether the decay grows from step to step until it reaches <see cref="Decay"/>; default true.</summary>
    public bool WarmUp { get; init; } = true;

    /// <summary>Whether the model is given the average at the end of a run that completed or was stopped early; default
    /// true.</summary>
    public bool ApplyAtEnd { get; init; } = true;

    /// <summary>Whether the average is evaluated after each epoch too, on the validation and the test data; default true. The
    /// metrics are <c>val_loss_ema</c>, <c>test_accuracy_ema</c> and so on; other callbacks may watch them. It takes as long as
    /// the evaluation of the weights.</summary>
    public bool EvaluateEachEpoch { get; init; } = true;

    /// <summary>Whether the statistics of batch normalisations are computed for the average, by one pass over the training
    /// data after each epoch (PyTorch's <c>update_bn</c>); default false: they are those of the model in training.</summary>
    /// <remarks>Set it for a model with batch normalisation, such as a ResNet: its statistics fit other weights than the
    /// average. The pass has no augmentations, and takes as long as a forward pass over the data. A frozen
    /// normalisation keeps its own.</remarks>
    public bool RecomputeStatistics { get; init; }

    /// <summary>The file; null (default) for <c>checkpoints/ema.safetensors</c> in the run directory, and no file where
    /// there is none.</summary>
    public string? Path { get; init; }

    /// <inheritdoc/>
    public string StateKey => nameof(ExponentialMovingAverage);

    /// <inheritdoc/>
    protected internal override bool SetsFinalWeights => ApplyAtEnd;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(ExponentialMovingAverage)).BelowOne(nameof(Decay), Decay).All;

    string? IEvaluatedWeights.MetricSuffix => EvaluateEachEpoch ? "_ema" : null;

    void IEvaluatedWeights.OnEpochTrained(FitContext context) => Recompute(context); // weights follow the steps

    IDisposable? IEvaluatedWeights.Lend(nn.Module model) => new LentWeights(model, _average!.Tensors);

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        _average?.Dispose();
        _average = new ModelSnapshot(e.Context.Model);
        _parameters = [.. e.Context.Model.named_parameters().Select(entry => entry.name)];
        _recomputedAt = -1;
    }

    /// <inheritdoc/>
    public override void OnStepEnd(StepEndEvent e)
    {
        using var noGradients = no_grad();
        double steps = e.Context.Step;
        double decay = WarmUp ? Math.Min(Decay, (1 + steps) / (10 + steps)) : Decay;
        // Kept in variables: TorchSharp lets one that is made in passing be finalised while libtorch reads it.
        using Scalar keep = decay,
            take = 1 - decay;
        foreach (var (name, value) in e.Context.Model.state_dict())
        {
            if (_parameters.Contains(name) && value.is_floating_point())
            {
                _average!.Tensors[name].mul_(keep).add_(value, alpha: take);
            }
            else
            {
                _average!.Tensors[name].copy_(value);
            }
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (e.Record.IsFinite && (Path ?? e.Context.RunDirectory) is not null)
        {
            string path = e.Context.PathOf(Path, System.IO.Path.Combine("checkpoints", "ema.safetensors"));
            var metadata = ModelMetadata.Of(e.Context.Model, e.Context.Train);
            ModelWeights.Write(nameof(ExponentialMovingAverage), _average!.Tensors, _parameters, path, metadata);
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e)
    {
        if (ApplyAtEnd && e.History.StopReason is StopReason.Completed or StopReason.StoppedEarly)
        {
            Recompute(e.Context);
            _average?.Restore(e.Context.Model);
        }

        _average?.Dispose();
        _average = null;
    }

    /// <inheritdoc/>
    public void SaveState(CallbackState state) => state.Set(_average!.Tensors);

    /// <inheritdoc/>
    public void LoadState(CallbackState state) => _average!.Load(state.Tensors);

    /// <summary>Computes the statistics of the average, unless it has not moved since the last time.</summary>
    private void Recompute(FitContext context)
    {
        if (RecomputeStatistics && _average is not null && context.Step != _recomputedAt)
        {
            BatchNormStatistics.Recompute(context, _average.Tensors);
            _recomputedAt = context.Step;
        }
    }
}
