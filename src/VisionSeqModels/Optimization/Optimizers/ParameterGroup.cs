using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Optimization;

namespace VisionSeqModels;

/// <summary>Settings of their own for some of a model's parameters, chosen by name or by a predicate; one of PyTorch's
/// parameter groups.</summary>
/// <remarks>A parameter belongs to at most one group: groups that overlap are refused before the first step, and so is one
/// that fits no parameter. Parameters of no group have the optimizer's own settings.</remarks>
public sealed record ParameterGroup
{
    private ParameterSelector _selector = new(null!);

    /// <summary>Makes a group; set <see cref="Parameters"/>.</summary>
    public ParameterGroup() { }

    /// <summary>Makes a group of the parameters with certain names.</summary>
    /// <param name="parameters">See <see cref="Parameters"/>.</param>
    [SetsRequiredMembers]
    public ParameterGroup(string parameters) => Parameters = parameters;

    /// <summary>Makes a group of the parameters that a predicate accepts.</summary>
    /// <param name="predicate">Says whether a parameter belongs to the group; asked once for each parameter.</param>
    /// <param name="source">The predicate's source for run.json and messages; the compiler sets it.</param>
    [SetsRequiredMembers]
    public ParameterGroup(Func<NamedParameter, bool> predicate, [CallerArgumentExpression(nameof(predicate))] string source = "")
    {
        ArgumentNullException.ThrowIfNull(predicate);
        Parameters = source;
        _selector = new ParameterSelector(source, predicate);
    }

    /// <summary>All biases and all parameters of normalisation modules, without weight decay. Choose other settings by
    /// <c>with</c>.</summary>
    /// <remarks>A bias is a parameter whose own name begins with <c>bias</c>. A normalisation is a module whose type's name ends
    /// with <c>Norm</c>, <c>Norm1d</c>, <c>Norm2d</c> or <c>Norm3d</c>.</remarks>
    public static ParameterGroup WithoutWeightDecay { get; } =
        new(ParameterSelector.IsBiasOrNormalization, ParameterSelector.NoDecayText) { WeightDecay = 0 };

    /// <summary>Which parameters: the start of their names, for example <c>conv</c> for <c>conv1.weight</c> and
    /// <c>conv2.bias</c>; or, with <c>*</c> (any characters) or <c>?</c> (one), their whole names: <c>*.bias</c>. For a
    /// predicate, its source.</summary>
    public required string Parameters
    {
        get => _selector.Text;
        init => _selector = new ParameterSelector(value);
    }

    /// <summary>The factor of their learning rate; default 1; 0 keeps their values.</summary>
    public double LearningRateFactor { get; init; } = 1;

    /// <summary>Their learning rate, in place of the optimizer's times the factor; null (default) for that. Schedules scale it
    /// too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LearningRate { get; init; }

    /// <summary>Their weight decay; null (default) for the optimizer's own.</summary>
    public double? WeightDecay { get; init; }

    internal bool Fits(NamedParameter parameter) => _selector.Fits(parameter);

    internal IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(ParameterGroup))
            .Require(
                !string.IsNullOrWhiteSpace(Parameters),
                nameof(Parameters),
                "the start of a name, or a pattern with *",
                $"'{Parameters}'"
            )
            .NotNegative(nameof(LearningRateFactor), LearningRateFactor)
            .Require(
                LearningRate is null || (double.IsFinite(LearningRate.Value) && LearningRate >= 0 && LearningRateFactor == 1),
                nameof(LearningRate),
                "null or a finite number of at least 0, with a LearningRateFactor of 1",
                LearningRate
            )
            .Require(
                WeightDecay is null || (double.IsFinite(WeightDecay.Value) && WeightDecay >= 0),
                nameof(WeightDecay),
                "null or a finite number of at least 0",
                WeightDecay
            )
            .All;
}
