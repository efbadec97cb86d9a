using System.Text;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>What a study came to as plain text for a terminal: the settings with their final metric, and what the study
/// found.</summary>
internal static class StudyText
{
    private const string Gap = "  ";

    /// <param name="report">The study.</param>
    /// <param name="columns">The longest line.</param>
    public static string Of(StudyReport report, int columns)
    {
        var text = new StringBuilder();
        string[][] rows =
        [
            ["setting", DisplayText.Of(report.Summary.File.Monitor), "outcome"],
            .. report.Summary.Settings.Select(setting =>
                new[] { PlainText.Of(setting.Name), setting.FinalText, setting.Outcome }
            ),
        ];
        int[] widths = [.. Enumerable.Range(0, 3).Select(column => rows.Max(row => row[column].Length))];
        widths[0] = Math.Min(widths[0], Math.Max(10, columns - widths[1] - widths[2] - (2 * Gap.Length)));
        foreach (string[] row in rows)
        {
            string line = LiveLine.Cut(row[0], widths[0]).PadRight(widths[0]) + Gap + row[1].PadRight(widths[1]) + Gap + row[2];
            text.Append(LiveLine.Cut(line.TrimEnd(), columns)).Append('\n');
        }

        text.Append('\n');
        Wrap(text, report.Conclusion.Best, "", columns);
        foreach (string sentence in report.Conclusion.FactorSentences)
        {
            Wrap(text, sentence, "- ", columns);
        }

        return text.ToString();
    }

    private static void Wrap(StringBuilder text, string sentence, string begin, int columns)
    {
        string line = begin;
        foreach (string word in PlainText.Of(sentence).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isFirst = line.Length == begin.Length;
            if (!isFirst && line.Length + 1 + word.Length > columns)
            {
                text.Append(line).Append('\n');
                line = new string(' ', begin.Length);
                isFirst = true;
            }

            line += isFirst ? word : $" {word}";
        }

        text.Append(line).Append('\n');
    }
}
