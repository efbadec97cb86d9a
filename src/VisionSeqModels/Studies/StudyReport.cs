using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VisionSeqModels.Training;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Studies;

/// <summary>The report of a study as one HTML page and as Markdown with pictures, drawn from its folders alone.</summary>
internal sealed class StudyReport(Study study)
{
    private readonly List<StudySummary> _settings = [.. study.Rows.GroupBy(row => row.Setting).Select(rows => new StudySummary(study, [.. rows]))];

    private readonly List<JsonObject> _runs = [.. study.Rows.Where(row => row.History is not null)
        .Select(row => JsonFormat.Parse(File.ReadAllText(Path.Combine(study.Folder, row.Folder, "run.json"))))];

    public void Write()
    {
        var page = new ReportPage(study.Question);
        page.Paragraph(Held());
        if (study.Command is string command)
        {
            page.Code(command);
        }

        var (columns, cells) = Table();
        var best = Best();
        page.Section("Settings").Table(columns, cells, (row, column) => column == MeanColumn && _settings[row] == best);
        page.Paragraph(Verdict(best));
        page.Section("Curves");
        foreach (string figure in Figures())
        {
            page.Html(SvgChart.Draw(figure, $"{figure}, one line a trial", "epoch", Lines(figure)));
        }

        page.Html(SvgChart.Script);
        WriteCurves();
        page.Section("Data and machine").Table(["what", "value"], [.. Facts().Select(fact => (IReadOnlyList<string>)[fact.Name, fact.Value])]);
        page.Save(Path.Combine(study.Folder, "report.html"));
        AtomicFile.WriteAllText(Path.Combine(study.Folder, "report.md"), Markdown(columns, cells, best));
    }

    private int MeanColumn => 1 + FactorNames.Count;

    private List<string> FactorNames => [.. study.Rows.SelectMany(row => row.Factors.Keys).Distinct()];

    private (List<string> Columns, List<IReadOnlyList<string>> Cells) Table()
    {
        List<string> columns = ["setting", .. FactorNames, $"final {study.Monitor}", "best", "loss", "seconds", "samples/s", "parameters", "p against the first", "outcome"];
        var first = _settings[0];
        return (columns, [.. _settings.Select(setting => (IReadOnlyList<string>)
        [
            setting.Name, .. FactorNames.Select(name => setting.Rows[0].Factors.GetValueOrDefault(name, "")), setting.FinalText, setting.BestText, setting.LossText, setting.SecondsText, setting.SpeedText,
            setting.ParametersText, setting == first ? "" : setting.PText(first), setting.OutcomeText,
        ])]);
    }

    private StudySummary? Best()
    {
        var finished = _settings.Where(setting => setting.Mean is not null).ToList();
        return study.HigherIsBetter ? finished.MaxBy(setting => setting.Mean) : finished.MinBy(setting => setting.Mean);
    }

    private string Verdict(StudySummary? best)
    {
        if (best is null)
        {
            return "No trial has finished an epoch.";
        }

        var second = study.HigherIsBetter
            ? _settings.Where(setting => setting != best && setting.Mean is not null).MaxBy(setting => setting.Mean)
            : _settings.Where(setting => setting != best && setting.Mean is not null).MinBy(setting => setting.Mean);
        string head = $"The best final {study.Monitor} is that of “{best.Name}”: {best.FinalText}.";
        return second is null ? head : $"{head} Against the next, “{second.Name}” ({second.FinalText}): {best.Compare(second)}.";
    }

    private string Held()
    {
        var varied = FactorNames.Where(name => study.Rows.Select(row => row.Factors.GetValueOrDefault(name)).Distinct().Count() > 1).ToList();
        int seeds = study.Rows.Select(row => row.Seed).Distinct().Count();
        return $"{_settings.Count} settings, {seeds} {(seeds == 1 ? "seed" : "seeds")} each. Varied: {(varied.Count == 0 ? "nothing" : string.Join(", ", varied))}. Held fixed: {HeldOptions()}.";
    }

    private string HeldOptions()
    {
        var options = _runs.Select(run => run["trainer"] as JsonObject).OfType<JsonObject>().ToList();
        if (options.Count == 0)
        {
            return "nothing is known yet";
        }

        var same = options[0].Where(entry => entry.Value is JsonValue && options.All(other => JsonNode.DeepEquals(other[entry.Key], entry.Value)) && entry.Key is not "seed");
        return string.Join(", ", same.Select(entry => $"{entry.Key} {entry.Value}"));
    }

    private IEnumerable<(string Name, string Value)> Facts()
    {
        if (_runs.FirstOrDefault() is not JsonObject run)
        {
            yield break;
        }

        var data = run["data"] as JsonObject;
        yield return ("data", $"{run["source"]}: {data?["train_samples"]} training and {data?["test_samples"]} test samples");
        yield return ("device, threads", $"{run["device"]}, {run["threads"]}");
        foreach (var (name, value) in run["versions"] as JsonObject ?? [])
        {
            yield return (name, $"{value}");
        }
    }

    private List<string> Figures() => [.. study.Rows.SelectMany(row => row.History?.MetricNames ?? []).Distinct().OrderBy(name => name == study.Monitor ? 0 : 1)];

    private List<LineSeries> Lines(string figure)
    {
        bool seeds = study.Rows.Select(row => row.Seed).Distinct().Count() > 1;
        return [.. study.Rows.Where(row => row.History is { Epochs.Count: > 0 }).Select(row => (Row: row, Epochs: row.History!.Epochs.Where(epoch => !epoch.IsPartial && epoch[figure] is not null).ToList()))
            .Select(entry => new LineSeries(
                seeds ? string.Create(CultureInfo.InvariantCulture, $"{entry.Row.Setting}, seed {entry.Row.Seed}") : entry.Row.Setting,
                [.. entry.Epochs.Select(epoch => (double)epoch.Epoch)], [.. entry.Epochs.Select(epoch => epoch[figure]!.Value)]))];
    }

    private void WriteCurves()
    {
        foreach (string figure in Figures())
        {
            var lines = Lines(figure);
            if (lines.Count > 0)
            {
                LineChart.Draw(lines, new LineChartOptions { Title = figure, XTitle = "epoch", Width = 900, Height = 480 }).SavePng(Path.Combine(study.Folder, PictureOf(figure)));
            }
        }
    }

    /// <summary>A file name on every system, whatever a metric is called.</summary>
    private static string PictureOf(string figure) => $"{Uri.EscapeDataString(figure)}.png";

    private string Markdown(List<string> columns, List<IReadOnlyList<string>> cells, StudySummary? best)
    {
        static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
        var text = new StringBuilder($"# {study.Question}\n\n{Held()}\n\n");
        if (study.Command is string command)
        {
            text.Append(CultureInfo.InvariantCulture, $"```\n{command}\n```\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", columns.Select(Cell))} |\n|{string.Concat(columns.Select(_ => " --- |"))}\n");
        for (int row = 0; row < cells.Count; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells[row].Select((cell, column) => column == MeanColumn && _settings[row] == best ? $"**{Cell(cell)}**" : Cell(cell)))} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{Verdict(best)}\n\n");
        text.AppendJoin("", Figures().Select(figure => $"![{figure}]({Uri.EscapeDataString(PictureOf(figure))})\n\n"));
        return text.AppendJoin("", Facts().Select(fact => $"- {fact.Name}: {fact.Value}\n")).ToString();
    }
}
