namespace VisionSeqModels.Studies;

/// <summary>How a <see cref="Study"/> runs, and what its report says.</summary>
public sealed record StudyOptions
{
    /// <summary>The question that the study asks; the report's heading.</summary>
    public string Question { get; init; } = "Which setting is best?";

    /// <summary>The figure that settings are compared by; default <c>test_accuracy</c>.</summary>
    public string Monitor { get; init; } = "test_accuracy";

    /// <summary>Whether larger values of it are better; default true.</summary>
    public bool HigherIsBetter { get; init; } = true;

    /// <summary>The seeds that every setting is tried with; default one, 1. With several the report says whether differences are more than the seeds' own.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [1];

    /// <summary>The command that runs the study, for the report; default nothing.</summary>
    public string? Command { get; init; }

    /// <summary>Where to say what is being done, a line at a time; default nowhere.</summary>
    public TextWriter? Progress { get; init; }

    internal void Validate() => new OptionFaults(nameof(StudyOptions))
        .Require(!string.IsNullOrWhiteSpace(Question), nameof(Question), "a sentence", $"'{Question}'")
        .Require(!string.IsNullOrWhiteSpace(Monitor), nameof(Monitor), "the name of a figure", $"'{Monitor}'")
        .Require(Seeds is { Count: > 0 } && Seeds.Distinct().Count() == Seeds.Count, nameof(Seeds), "at least one seed, each once", Seeds is null ? null : string.Join(", ", Seeds))
        .ThrowIfAny();
}
