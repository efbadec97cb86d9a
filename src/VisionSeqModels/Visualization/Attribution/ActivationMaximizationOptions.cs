using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How <see cref="ActivationMaximization"/> searches.</summary>
public sealed record ActivationMaximizationOptions
{
    /// <summary>The class whose score rises or, with <see cref="Layer"/>, the feature map (or unit); default 0, at least
    /// 0.</summary>
    public long Target { get; init; }

    /// <summary>The layer, as in <c>named_modules()</c>; null (default) for the model's scores.</summary>
    public string? Layer { get; init; }

    /// <summary>What rises in place of a score or map. It turns the model's outputs, or with <see cref="Layer"/> that
    /// layer's, into one number for each sample, <c>[batch]</c>, with tensor operations that have gradients. Null (default)
    /// for <see cref="Target"/>, which must otherwise be 0 and does not count.</summary>
    public Func<Tensor, Tensor>? Objective { get; init; }

    /// <summary>Steps of Adam; default 256, at least 1.</summary>
    public int StepCount { get; init; } = 256;

    /// <summary>Step size; default 0.05, above 0.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Weight of the mean squared value, which keeps values small; default 0.01, at least 0.</summary>
    public double L2 { get; init; } = 0.01;

    /// <summary>Weight of the total variation (the mean absolute difference of neighbours), which keeps it smooth; default
    /// 0.1, at least 0.</summary>
    public double TotalVariation { get; init; } = 0.1;

    /// <summary>The most pixels by which each step moves the image, so that no exact place is preferred; default 2, at
    /// least 0.</summary>
    public int Jitter { get; init; } = 2;

    /// <summary>The smallest value a pixel can have, in the model's own numbers; default −2. Below
    /// <see cref="Maximum"/>.</summary>
    public double Minimum { get; init; } = -2;

    /// <summary>The largest value a pixel can have, in the model's own numbers; default 2.</summary>
    public double Maximum { get; init; } = 2;

    /// <summary>The seed of the first image and of the moves; default 0. libtorch's own generator is not used.</summary>
    public long Seed { get; init; }

    internal void Validate() =>
        new OptionFaults(nameof(ActivationMaximizationOptions))
            .AtLeast(0, nameof(Target), Target)
            .Require(Target == 0 || Objective is null, nameof(Target), "0 where there is an Objective", Target)
            .AtLeast(1, nameof(StepCount), StepCount)
            .Positive(nameof(LearningRate), LearningRate)
            .NotNegative(nameof(L2), L2)
            .NotNegative(nameof(TotalVariation), TotalVariation)
            .AtLeast(0, nameof(Jitter), Jitter)
            .Require(
                double.IsFinite(Minimum) && double.IsFinite(Maximum) && Minimum < Maximum,
                nameof(Minimum),
                $"finite and below Maximum ({Maximum.ToString(System.Globalization.CultureInfo.InvariantCulture)})",
                Minimum
            )
            .ThrowIfAny();
}
