using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>The report of a study as one HTML page and as Markdown with pictures, drawn from its folders alone.</summary>
internal sealed class StudyReport
{
    private const int MostInPlanOrder = 12;

    public StudyReport(Study study)
    {
        Study = study;
        List<StudySummary> planned =
        [
            .. study.Rows.GroupBy(row => row.Setting).Select(rows => new StudySummary(study, [.. rows])),
        ];
        First = planned[0];
        Ranked = [.. planned.OrderByDescending(setting => setting.Score)];
        IsRanked = planned.Count > MostInPlanOrder;
        Settings = IsRanked ? Ranked : planned;
        Runs =
        [
            .. study
                .Rows.Where(row => row.History is not null)
                .Select(row => new StudyRun(row, StudyRun.Read(study.Folder, row.Folder))),
        ];
        Table = new StudyTable(this);
        Verdict = new StudyVerdict(this);
        Options = new OptionComparison(this);
        Curves = new StudyCurves(this);
    }

    public Study Study { get; }

    /// <summary>The settings as the report shows them: in the order of the plan, or the best first where there are
    /// many.</summary>
    public IReadOnlyList<StudySummary> Settings { get; }

    /// <summary>Whether <see cref="Settings"/> are the best first.</summary>
    public bool IsRanked { get; }

    /// <summary>All settings, the best first.</summary>
    public IReadOnlyList<StudySummary> Ranked { get; }

    /// <summary>The plan's first setting, which the others are compared with.</summary>
    public StudySummary First { get; }

    /// <summary>The trials that have a record of their own, with it.</summary>
    public IReadOnlyList<StudyRun> Runs { get; }

    public StudyTable Table { get; }

    public StudyVerdict Verdict { get; }

    public OptionComparison Options { get; }

    public StudyCurves Curves { get; }

    /// <summary>What the study varies: factors with more than one value.</summary>
    public IReadOnlyList<string> Varied =>
        [
            .. Study
                .Rows.SelectMany(row => row.Factors.Keys)
                .Distinct()
                .Where(name => Study.Rows.Select(row => row.Factors.GetValueOrDefault(name)).Distinct().Count() > 1),
        ];

    public int SeedCount => Study.Rows.Select(row => row.Seed).Distinct().Count();

    public IReadOnlyList<(string Name, string Value)> Facts => StudyFacts.Of(this);

    public string NameOf(TrialResult row) =>
        SeedCount > 1
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{row.Setting}, seed {row.Seed}")
            : row.Setting;

    public void Write()
    {
        StudyPage.Of(this).Save(Path.Combine(Study.Folder, "report.html"));
        AtomicFile.WriteAllText(Path.Combine(Study.Folder, "report.md"), StudyMarkdown.Of(this, CurvePictures.Write(this)));
    }
}
