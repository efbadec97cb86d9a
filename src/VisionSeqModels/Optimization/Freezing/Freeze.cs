using System.Runtime.CompilerServices;
using VisionSeqModels.Optimization;

namespace VisionSeqModels;

/// <summary>Keeps parameters as they are from an epoch on: no gradient, no step, no weight decay.</summary>
/// <remarks>A batch normalisation (or another module with running statistics) whose parameters are all frozen keeps its
/// statistics too: it is in evaluation mode.</remarks>
public sealed record Freeze : FreezeRule
{
    /// <summary>Freezes the parameters with certain names.</summary>
    /// <param name="pattern">The start of their names (<c>features</c>), or with <c>*</c> (any characters) or <c>?</c> (one)
    /// their whole names (<c>features.*.weight</c>).</param>
    /// <exception cref="ArgumentException">The pattern is blank.</exception>
    public Freeze(string pattern)
        : base(pattern) { }

    /// <summary>Freezes the parameters that a predicate accepts.</summary>
    /// <param name="predicate">Says whether a parameter is frozen; asked once for each parameter before the first step.</param>
    /// <param name="source">The predicate's source for run.json and messages; the compiler sets it.</param>
    public Freeze(Func<NamedParameter, bool> predicate, [CallerArgumentExpression(nameof(predicate))] string source = "")
        : base(predicate, source) { }
}
