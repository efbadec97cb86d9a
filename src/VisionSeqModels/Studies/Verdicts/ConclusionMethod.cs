using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>Says how verdicts came about.</summary>
internal static class ConclusionMethod
{
    public static string Text(StudySummary summary, IReadOnlyList<FactorVerdict> factors)
    {
        if (!summary.HasRepeats || factors.FirstOrDefault(factor => factor.CorrectedP is not null) is not FactorVerdict one)
        {
            return "";
        }

        string folds = summary.FoldCount == 0
                ? ""
                : ", corrected for the training samples that folds have in common (Nadeau and Bengio 2003)",
            margin = summary.File.EquivalenceMargin is null
                ? string.Create(CultureInfo.InvariantCulture, $"{100 * StudyOptions.RelativeMargin} % of the base's mean")
                : "as the study asked";
        string holm = one.Comparisons == 1 ? "" : $" after Holm's correction for {one.Comparisons} comparisons";
        return $"Differences are taken in pairs over the {summary.Repeats}. Better and worse: a t test for pairs{folds} has "
            + $"p < 0.05{holm}. No difference larger than {MetricFormat.Margin(one.Margin)} ({margin}): two one-sided t tests "
            + $"have p < 0.05{(one.Comparisons == 1 ? "" : ", corrected likewise")}. Intervals are those of each comparison by "
            + "itself. Seeds that would decide: so many that four of five such studies have a verdict, if difference and spread "
            + "are as seen.";
    }
}
