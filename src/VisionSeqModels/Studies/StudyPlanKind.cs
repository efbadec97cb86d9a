namespace VisionSeqModels.Studies;

/// <summary>How a plan came to its settings.</summary>
internal enum StudyPlanKind
{
    /// <summary>They were given one by one.</summary>
    List,

    /// <summary>A base, and one factor after another.</summary>
    OneAtATime,

    /// <summary>Every combination.</summary>
    Grid,

    /// <summary>Drawn at random, or where a search went.</summary>
    Sampled,
}
