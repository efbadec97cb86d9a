namespace VisionSeqModels.Studies;

/// <summary>The content of a study's report, part by part; <see cref="StudyPage"/> and <see cref="StudyMarkdown"/> lay it
/// out.</summary>
/// <param name="summary">The trials.</param>
/// <param name="folder">The study's folder, for links to its trials; null for none.</param>
internal sealed class StudyReport(StudySummary summary, string? folder = null)
{
    public StudySummary Summary => summary;

    public StudyTable Table => new(summary, Conclusion);

    /// <summary>Each trial by itself.</summary>
    public StudyRuns Runs { get; } = new(summary);

    /// <summary>Who ran which trial, over a ledger.</summary>
    public StudyWorkers Workers { get; } = new(summary);

    /// <summary>What the study found.</summary>
    public StudyConclusion Conclusion { get; } = new(summary);

    /// <summary>A grid's effects.</summary>
    public EffectTable Effects => new(Conclusion);

    /// <summary>What is to be said around the tables.</summary>
    public StudyNotes Notes { get; } = new(summary);

    public OptionComparison Options { get; } = OptionComparison.Of(summary);

    public StudyCurves Curves { get; } = new(summary);

    /// <summary>Where the trials' own reports are.</summary>
    public TrialLinks Links { get; } = new(folder);

    /// <summary>Data, machine, versions and times.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; } = StudyFacts.Of(summary);
}
