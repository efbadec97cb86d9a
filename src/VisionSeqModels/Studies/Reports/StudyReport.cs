namespace VisionSeqModels.Studies;

/// <summary>The content of a study's report, part by part; <see cref="StudyPage"/> and <see cref="StudyMarkdown"/> lay it
/// out.</summary>
internal sealed class StudyReport(StudySummary summary)
{
    public StudySummary Summary => summary;

    public StudyTable Table => new(summary, Conclusion);

    /// <summary>Each trial by itself.</summary>
    public StudyRuns Runs { get; } = new(summary);

    /// <summary>What the study found.</summary>
    public StudyConclusion Conclusion { get; } = new(summary);

    /// <summary>What is to be said around the tables.</summary>
    public StudyNotes Notes { get; } = new(summary);

    public OptionComparison Options { get; } = OptionComparison.Of(summary);

    public StudyCurves Curves { get; } = new(summary);

    /// <summary>Data, machine, versions and times.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; } = StudyFacts.Of(summary);
}
