using System.Runtime.CompilerServices;
using VisionSeqModels.Core;
using VisionSeqModels.Optimization;

namespace VisionSeqModels;

/// <summary>Trains frozen parameters from an epoch on: those that a <see cref="Freeze"/> froze before, or that came to
/// <c>Fit</c> without <c>requires_grad</c>.</summary>
/// <remarks>A batch normalisation that is unfrozen as a whole is in training mode again. The optimizer holds the parameters from
/// the start, so that schedules reach them and a resumed run has the same state.</remarks>
public sealed record Unfreeze : FreezeRule
{
    /// <summary>Unfreezes the parameters with certain names.</summary>
    /// <param name="pattern">The start of their names (<c>features</c>), or with <c>*</c> (any characters) or <c>?</c> (one)
    /// their whole names (<c>features.*.weight</c>).</param>
    /// <exception cref="ArgumentException">The pattern is blank.</exception>
    public Unfreeze(string pattern)
        : base(pattern) { }

    /// <summary>Unfreezes the parameters that a predicate accepts.</summary>
    /// <param name="predicate">Says whether a parameter is unfrozen; asked once for each parameter before the first
    /// step.</param>
    /// <param name="source">The predicate's source for run.json and messages; the compiler sets it.</param>
    public Unfreeze(Func<NamedParameter, bool> predicate, [CallerArgumentExpression(nameof(predicate))] string source = "")
        : base(predicate, source) { }

    /// <summary>The learning rate of the parameters that it unfreezes; null (default) for the optimizer's or their group's own.
    /// Finite, above 0. Schedules scale it too. Parameters that train already keep theirs.</summary>
    public double? LearningRate { get; init; }

    private protected override OptionFaults AllFaults() => base.AllFaults().PositiveOrNull(nameof(LearningRate), LearningRate);
}
