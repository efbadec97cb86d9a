using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Studies;

/// <summary>The report of a study as one HTML page and as Markdown with pictures, drawn from its folders alone.</summary>
internal sealed class StudyReport
{
    private const int MostInPlanOrder = 12;
    private readonly Study _study;
    private readonly StudyTable _table;
    private readonly StudyCurves _curves;
    private readonly RunOptions _options;
    private readonly IReadOnlyList<IReadOnlyList<string>> _facts;
    private readonly List<string> _factors;

    public StudyReport(Study study)
    {
        _study = study;
        _factors = [.. study.Rows.SelectMany(row => row.Factors.Keys).Distinct()];
        List<StudySummary> settings = [.. study.Rows.GroupBy(row => row.Setting).Select(rows => new StudySummary(study, [.. rows]))];
        var first = settings[0];
        List<StudySummary> bestFirst = [.. settings.OrderByDescending(setting => setting.Score)];
        settings = settings.Count > MostInPlanOrder ? bestFirst : settings;
        _table = new StudyTable(study, settings, _factors, first);
        _curves = new StudyCurves(study, settings);
        Best = bestFirst.Find(setting => setting.Mean is not null);
        Second = bestFirst.Find(setting => setting.Mean is not null && setting != Best);
        List<JsonObject> runs = [.. study.Rows.Where(row => row.History is not null).Select(row => JsonFormat.Parse(File.ReadAllText(Path.Combine(study.Folder, row.Folder, "run.json"))))];
        _options = new RunOptions(runs);
        _facts = StudyFacts.Of(study, runs);
    }

    private StudySummary? Best { get; }

    private StudySummary? Second { get; }

    public void Write()
    {
        _curves.WritePictures();
        WritePage();
        AtomicFile.WriteAllText(Path.Combine(_study.Folder, "report.md"), Markdown());
    }

    private void WritePage()
    {
        var page = new ReportPage(_study.Question).Paragraph(Plan()).Paragraph(Verdict());
        page.Section("Settings").Paragraph(Order()).Table(_table.Names, _table.Cells, _table.IsBest);
        page.Section("Curves").Html($"<div class=\"larges\">{string.Concat(_curves.Figures.Select(_curves.Overlay))}</div>");

        foreach (string figure in _curves.SmallFigures)
        {
            page.Section($"{figure}, setting by setting").Paragraph(_curves.SmallNote(figure)).Html(_curves.Smalls(figure));
        }

        page.Section("What differed, and what did not");
        if (_options.Different.Count > 0)
        {
            page.Table(["option", "values"], _options.Different);
        }

        page.Paragraph(Held());
        page.Section("Data and machine").Table(["what", "value"], _facts);
        if (_study.Command is string command)
        {
            page.Paragraph("Made by:").Code(command);
        }

        page.Html(SvgChart.Script).Save(Path.Combine(_study.Folder, "report.html"));
    }

    private string Markdown()
    {
        var text = new StringBuilder($"# {_study.Question}\n\n{Plan()}\n\n{Verdict()}\n\n{Order()}\n\n{_table.Markdown()}\n");
        text.AppendJoin("", _curves.Figures.Select(figure => $"![{figure}]({Uri.EscapeDataString(StudyCurves.Picture(figure))})\n\n"));
        text.AppendJoin("", _curves.SmallFigures.Select(figure => $"{_curves.SmallNote(figure)}\n\n![{figure} by setting]({Uri.EscapeDataString(StudyCurves.SmallPicture(figure))})\n\n"));
        text.AppendJoin("", _options.Different.Select(option => $"- {option[0]}: {option[1]}\n"));
        text.Append(CultureInfo.InvariantCulture, $"\n{Held()}\n\n").AppendJoin("", _facts.Select(fact => $"- {fact[0]}: {fact[1]}\n"));
        return (_study.Command is string command ? text.Append(CultureInfo.InvariantCulture, $"\nMade by:\n\n```\n{command}\n```\n") : text).ToString();
    }

    private string Plan()
    {
        var varied = _factors.Where(name => _study.Rows.Select(row => row.Factors.GetValueOrDefault(name)).Distinct().Count() > 1).ToList();
        int seeds = _study.Rows.Select(row => row.Seed).Distinct().Count();
        return string.Create(CultureInfo.InvariantCulture, $"{_table.Settings.Count} settings, {seeds} {(seeds == 1 ? "seed" : "seeds")} each. Varied: {(varied.Count == 0 ? "nothing" : string.Join(", ", varied))}.");
    }

    private string Verdict() => Best is null ? "No trial has finished an epoch."
        : $"The best final {_study.Monitor} is that of “{Best.Name}”: {Best.FinalText}." + (Second is null ? "" : $" Against the next, “{Second.Name}” ({Second.FinalText}): {Best.Compare(Second)}.");

    private string Order() => $"{(_table.Settings.Count > MostInPlanOrder ? "The best first. " : "")}The best of a column is bold{(_study.Rows.Select(row => row.Seed).Distinct().Count() > 1 ? "; figures are means ± standard deviations over the seeds" : "")}.";

    private string Held() => _options.Same.ToList() is { Count: > 0 } same ? $"Held fixed: {string.Join(", ", same)}." : "What was held fixed is not known yet.";
}
