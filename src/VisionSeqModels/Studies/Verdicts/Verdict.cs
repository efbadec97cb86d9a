namespace VisionSeqModels.Studies;

/// <summary>What a study says about a value of a factor, against the base.</summary>
public enum Verdict
{
    /// <summary>Neither a difference nor its absence is shown.</summary>
    Undecided,

    /// <summary>Better than the base, by more than chance.</summary>
    Better,

    /// <summary>Worse than the base, by more than chance.</summary>
    Worse,

    /// <summary>No difference as large as the margin: shown, not merely unseen.</summary>
    Equivalent,
}
