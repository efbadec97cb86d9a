using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>Settings of their own for some of a model's parameters, chosen by name.</summary>
public sealed record ParameterGroup
{
    /// <summary>Which parameters: the start of their names, for example <c>conv</c> for <c>conv1.weight</c> and
    /// <c>conv2.bias</c>; or, after a <c>*</c>, the end of their names: <c>*.bias</c>. A parameter belongs to the first group
    /// that fits it.</summary>
    public required string Parameters { get; init; }

    /// <summary>The factor of their learning rate; default 1; 0 keeps their values.</summary>
    public double LearningRateFactor { get; init; } = 1;

    /// <summary>Their weight decay; null (default) for the optimizer's own.</summary>
    public double? WeightDecay { get; init; }

    internal bool Fits(string name) =>
        Parameters.StartsWith('*')
            ? name.EndsWith(Parameters[1..], StringComparison.Ordinal)
            : name.StartsWith(Parameters, StringComparison.Ordinal);

    internal IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(ParameterGroup))
            .Require(
                !string.IsNullOrWhiteSpace(Parameters),
                nameof(Parameters),
                "the beginning of a name, or * and its end",
                $"'{Parameters}'"
            )
            .NotNegative(nameof(LearningRateFactor), LearningRateFactor)
            .Require(
                WeightDecay is null || (double.IsFinite(WeightDecay.Value) && WeightDecay >= 0),
                nameof(WeightDecay),
                "null or a finite number of at least 0",
                WeightDecay
            )
            .All;
}
