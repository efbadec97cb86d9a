namespace VisionSeqModels.Studies;

/// <summary>What kind of question a study's settings can answer.</summary>
internal enum StudyDesignKind
{
    /// <summary>A base, and settings that each differ from it in one factor.</summary>
    Comparisons,

    /// <summary>Every combination of the values of several factors.</summary>
    Grid,

    /// <summary>Settings here and there.</summary>
    Sampled,
}

/// <summary>Finds it from the settings themselves, so that an older study's folder has it too.</summary>
internal static class StudyDesign
{
    public static StudyDesignKind Of(StudySummary summary)
    {
        var others = summary.Planned.Where(setting => setting != summary.First).ToList();
        return summary.File.Plan == StudyPlanKind.Sampled ? StudyDesignKind.Sampled
            : others.TrueForAll(setting => DifferingFactors(summary.First, setting).Count == 1) ? StudyDesignKind.Comparisons
            : IsGrid(summary) ? StudyDesignKind.Grid
            : summary.File.Plan is StudyPlanKind.OneAtATime or StudyPlanKind.List ? StudyDesignKind.Comparisons
            : StudyDesignKind.Sampled;
    }

    /// <summary>The factors that have another value.</summary>
    public static IReadOnlyList<string> DifferingFactors(SettingSummary first, SettingSummary second)
    {
        var (a, b) = (first.Trials[0].Factors, second.Trials[0].Factors);
        return [.. a.Keys.Union(b.Keys).Where(name => a.GetValueOrDefault(name) != b.GetValueOrDefault(name))];
    }

    /// <summary>Whether every combination of the values is there, once.</summary>
    private static bool IsGrid(StudySummary summary)
    {
        string?[][] rows =
        [
            .. summary.Planned.Select(setting =>
                summary.Varied.Select(name => setting.Trials[0].Factors.GetValueOrDefault(name)).ToArray()
            ),
        ];
        long combinations = Enumerable
            .Range(0, summary.Varied.Count)
            .Aggregate(1L, (product, column) => product * rows.Select(row => row[column]).Distinct().Count());
        return combinations == rows.Length
            && rows.Select(row => string.Join('\n', row)).Distinct(StringComparer.Ordinal).Count() == rows.Length;
    }
}
