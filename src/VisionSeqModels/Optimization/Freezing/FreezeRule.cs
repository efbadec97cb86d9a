using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Optimization;

namespace VisionSeqModels;

/// <summary>Which parameters train from an epoch on: a <see cref="Freeze"/> or an <see cref="Unfreeze"/>; see
/// <c>TrainerOptions.Freezing</c>.</summary>
public abstract record FreezeRule
{
    private readonly ParameterSelector _selector;

    private protected FreezeRule(string pattern)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        _selector = new ParameterSelector(pattern);
    }

    private protected FreezeRule(Func<NamedParameter, bool> predicate, string source)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        _selector = new ParameterSelector(source, predicate);
    }

    /// <summary>Which parameters: the pattern, or the predicate's source.</summary>
    [JsonPropertyOrder(-2)]
    public string Parameters => _selector.Text;

    /// <summary>The first epoch that it applies to; default 1, at least 1. An epoch beyond the run never comes.</summary>
    [JsonPropertyOrder(-1)]
    public int FromEpoch { get; init; } = 1;

    internal bool Fits(NamedParameter parameter) => _selector.Fits(parameter);

    internal IReadOnlyList<string> Faults() => AllFaults().All;

    private protected virtual OptionFaults AllFaults() =>
        new OptionFaults(GetType().Name).AtLeast(1, nameof(FromEpoch), FromEpoch);
}
