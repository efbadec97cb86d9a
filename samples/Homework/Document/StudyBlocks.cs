using VisionSeqModels.Studies;

/// <summary>A study in the document: its question, settings, curves, and what its numbers say.</summary>
internal static class StudyBlocks
{
    /// <param name="prefix">How the names of the pictures' files begin.</param>
    /// <param name="study">The study.</param>
    /// <param name="order">The order of the settings; null for the plan's.</param>
    public static IReadOnlyList<Block> Of(
        string prefix,
        Study study,
        Func<IReadOnlyList<TrialResult>, IComparable>? order = null
    ) =>
        StudyTable.Settings(study).Count == 0
            ? [new Block.Paragraph(study.Question), new Block.Paragraph("No trial has ended well.")]
            :
            [
                new Block.Paragraph(study.Question),
                StudyTable.Of(study, order),
                .. StudyCharts.Of(prefix, study),
                .. Conclusions.Of(study),
            ];
}
