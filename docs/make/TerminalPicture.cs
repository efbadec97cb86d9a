using System.Globalization;
using System.Security;
using System.Text;

namespace VisionSeqModels.DocsMake;

/// <summary>Runs a command and draws what it prints as a terminal window, as SVG.</summary>
internal static class TerminalPicture
{
    private const double LineHeight = 18;
    private const double CharacterWidth = 7.8;
    private const double Top = 46;
    private const double Side = 16;

    /// <param name="repository">Where the command runs.</param>
    /// <param name="file">The picture.</param>
    /// <param name="command">The command and its arguments.</param>
    /// <returns>The command's exit code; the picture is written where it is 0.</returns>
    public static int Draw(Repository repository, string file, string[] command)
    {
        var (exitCode, output) = repository.Read(command[0], command[1..]);
        if (exitCode == 0)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            Directory.CreateDirectory(folder);
            string shown = string.Join(' ', command.TakeWhile(part => part != "--out"));
            string[] lines =
            [
                $"$ {shown}",
                .. output.ReplaceLineEndings("\n").Replace(folder, "runs", StringComparison.Ordinal).TrimEnd().Split('\n'),
            ];
            File.WriteAllText(file, Svg([.. lines.Select(line => line.TrimEnd())]));
        }

        return exitCode;
    }

    /// <summary>Browsers draw several spaces as one, but not those that break no line.</summary>
    private static string Escaped(string line) => SecurityElement.Escape(line)!.Replace(' ', '\u00a0');

    private static string Svg(IReadOnlyList<string> lines)
    {
        double width = (2 * Side) + (CharacterWidth * lines.Max(line => line.Length));
        double height = Top + (LineHeight * lines.Count) + 10;
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:f0} {height:f0}" role="img" aria-label="A terminal">
            <rect width="100%" height="100%" rx="8" fill="#1b2230"/>
            <circle cx="20" cy="18" r="6" fill="#e2665f"/>
            <circle cx="40" cy="18" r="6" fill="#e0b04b"/>
            <circle cx="60" cy="18" r="6" fill="#61a86a"/>
            <g font-family="ui-monospace,Consolas,Menlo,'DejaVu Sans Mono',monospace" font-size="13" fill="#d9e0ee">

            """
        );
        for (int i = 0; i < lines.Count; i++)
        {
            string colour = i == 0 ? " fill=\"#8fd18f\"" : "";
            double length = CharacterWidth * lines[i].Length;
            string fit = lines[i].Length > 0 ? string.Create(CultureInfo.InvariantCulture, $" textLength=\"{length:f1}\"") : "";
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{Side:f0}\" y=\"{Top + (LineHeight * i):f0}\"{fit}{colour}>{Escaped(lines[i])}</text>\n"
            );
        }

        return svg.Append("</g>\n</svg>\n").ToString();
    }
}
