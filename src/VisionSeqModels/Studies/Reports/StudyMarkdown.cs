using System.Text;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>The report as Markdown, with pictures beside it.</summary>
internal static class StudyMarkdown
{
    /// <param name="report">What it says.</param>
    /// <param name="pictures">Titles and file names of the curves.</param>
    /// <param name="maps">Those of what shows the factors together.</param>
    public static string Of(
        StudyReport report,
        IReadOnlyList<(string Title, string File)> pictures,
        IReadOnlyList<(string Title, string File)> maps
    )
    {
        var text = new StringBuilder();
        void Add(string line) => text.Append(line).Append('\n');
        Add($"# {Plain(report.Summary.File.Question)}\n\n{Plain(report.Conclusion.Best)}\n\n{Plain(report.Notes.Size)}\n");
        if (report.Conclusion.FactorSentences.Count > 0)
        {
            string sentences = string.Concat(report.Conclusion.FactorSentences.Select(sentence => $"- {Plain(sentence)}\n"));
            Add($"## What each factor does\n\n{sentences}");
            if (report.Conclusion.Method.Length > 0)
            {
                Add($"{Plain(report.Conclusion.Method)}\n");
            }

            if (report.Effects.Cells.Count > 0)
            {
                Add(Table(report.Effects.Columns, report.Effects.Cells));
            }

            if (maps.Count > 0)
            {
                Add(string.Concat(maps.Select(map => $"![{Plain(map.Title)}]({Uri.EscapeDataString(map.File)})\n\n")));
            }

            Add("## Settings\n");
        }

        Add(Table(report.Table.Columns, report.Table.Cells, report.Table.IsBest));
        Add($"{Plain(report.Notes.Legend("Bold"))}\n");
        if (report.Notes.Ends.Count > 0)
        {
            Add($"## Trials that did not run to the end, or have no result\n\n{Items(report.Notes.Ends)}");
        }

        if (report.Notes.Changed.Count > 0)
        {
            Add($"## Trials with other options\n\n{StudyNotes.ChangedNote}\n\n{Items(report.Notes.Changed)}");
        }

        Add("## Curves\n");
        Add(
            pictures.Count == 0
                ? "No trial has finished an epoch.\n"
                : string.Concat(
                        pictures.Select(picture => $"![{Plain(picture.Title)}]({Uri.EscapeDataString(picture.File)})\n\n")
                    )
                    .TrimEnd('\n') + "\n"
        );
        if (report.Runs.Cells.Count > 0)
        {
            Add($"## Each run\n\n{Table(report.Runs.Columns, report.Runs.Cells)}");
        }

        if (report.Workers.Sentences.Count > 0)
        {
            Add($"## {StudyWorkers.Title}\n\n{Plain(string.Join(' ', report.Workers.Sentences))}\n");
            Add(Table(report.Workers.Columns, report.Workers.Cells));
        }

        if (report.Options.Differing.Count > 0)
        {
            Add("## What differed between trials\n");
            Add(
                Table(
                    ["option", "values", "goes with the factor"],
                    [
                        .. report.Options.Differing.Select(entry =>
                            (IReadOnlyList<string>)[entry.Option, entry.Values, entry.Factor]
                        ),
                    ]
                )
            );
            if (report.Options.Warning is string warning)
            {
                Add($"{Plain(warning)}\n");
            }
        }

        if (report.Options.Held.Count > 0)
        {
            Add($"## What was held fixed\n\n{Items(report.Options.Held)}");
        }

        Add($"## Data and machine\n\n{Items(report.Facts)}");
        if (report.Summary.File.Command is string command)
        {
            string line = PlainText.Of(command);
            string fence = new('`', Math.Max(3, LongestRun(line, '`') + 1));
            Add($"## Command\n\n{fence}\n{line}\n{fence}");
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string Table(
        IReadOnlyList<string> columns,
        IReadOnlyList<IReadOnlyList<string>> rows,
        Func<int, int, bool>? isBest = null
    )
    {
        var text = new StringBuilder(
            $"| {string.Join(" | ", columns.Select(Plain))} |\n|{string.Concat(columns.Select(_ => " --- |"))}\n"
        );
        for (int row = 0; row < rows.Count; row++)
        {
            text.Append("| ")
                .AppendJoin(
                    " | ",
                    rows[row].Select((cell, column) => isBest?.Invoke(row, column) == true ? $"**{Plain(cell)}**" : Plain(cell))
                )
                .Append(" |\n");
        }

        return text.ToString();
    }

    private static string Items(IReadOnlyList<(string Name, string Value)> items) =>
        string.Concat(items.Select(item => $"- {Plain(item.Name)}: {Plain(item.Value)}\n"));

    private static int LongestRun(string text, char letter) =>
        text.Aggregate((Longest: 0, Now: 0), (runs, next) => Grown(runs.Longest, next == letter ? runs.Now + 1 : 0)).Longest;

    private static (int Longest, int Now) Grown(int longest, int now) => (Math.Max(longest, now), now);

    /// <summary>Text in which nothing is markup, on one line.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (char letter in PlainText.Of(text.ReplaceLineEndings(" ")))
        {
            _ = letter switch
            {
                '<' => plain.Append("&lt;"),
                '|' or '\\' or '*' or '`' or '[' => plain.Append('\\').Append(letter),
                _ => plain.Append(letter),
            };
        }

        return plain.ToString();
    }
}
