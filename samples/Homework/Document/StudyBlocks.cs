using VisionSeqModels.Studies;

/// <summary>A study in the document: its question, settings, curves, and what its numbers say.</summary>
internal static class StudyBlocks
{
    /// <param name="prefix">How the names of the pictures' files begin.</param>
    /// <param name="folder">The homework.</param>
    /// <param name="name">The name of the study.</param>
    /// <param name="order">The order of the settings; null for the plan's.</param>
    public static IReadOnlyList<Block> Of(
        string prefix,
        HomeworkFolder folder,
        string name,
        Func<IReadOnlyList<TrialResult>, IComparable>? order = null
    )
    {
        var study = folder.Study(name);
        var question = new Block.Paragraph(Phrases.DataNames(study.Question));
        return StudyTable.Settings(study).Count == 0
            ? [question, new Block.Paragraph("No trial has ended well.")]
            :
            [
                question,
                TrainingText.Of(folder, name),
                StudyTable.Of(study, order),
                .. StudyCharts.Of(prefix, study),
                .. Conclusions.Of(study),
            ];
    }
}
