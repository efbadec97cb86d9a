using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Other weights of the model in training, which are evaluated each epoch besides its own.</summary>
internal interface IEvaluatedWeights
{
    /// <summary>What the names of their metrics end in, for example <c>_ema</c>; null where they are not evaluated.</summary>
    string? MetricSuffix { get; }

    /// <summary>An epoch is trained, and not yet evaluated. It comes twice for an epoch whose evaluation was cut off by the
    /// end of the process.</summary>
    void OnEpochTrained(FitContext context);

    /// <summary>Gives the model these weights, until the result is disposed: then it has its own again, bit for bit. Null
    /// where there are none yet.</summary>
    IDisposable? Lend(nn.Module model);
}
