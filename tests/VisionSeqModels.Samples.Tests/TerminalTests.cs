using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests;

/// <summary>What samples show on a terminal.</summary>
public sealed partial class TerminalTests
{
    private static readonly string[] Long =
    [
        "--data",
        "synthetic",
        "--train-limit",
        "30000",
        "--test-limit",
        "2000",
        "--epochs",
        "2",
    ];

    /// <summary>The last size is the one at the end; lines for good may be broken, but only between their parts.</summary>
    [PseudoTerminalTheory]
    [InlineData("80", 80)]
    [InlineData("60", 60)]
    [InlineData("40", 40)]
    [InlineData("80,60,40,70", 70)]
    public void LiveLineOfARun_FitsTheTerminal_AlsoWhenItIsResized(string columns, int last)
    {
        using var folder = new TempFolder();
        string output = PseudoTerminal.Run(folder, columns, Colours, "QuickStart", [.. Long, "--out", "run"]);
        using var screen = new TerminalScreen(
            int.Parse(columns.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)
        );
        screen.Write(UpToTheRunsEnd(output));

        Assert.Equal(last, screen.Columns);
        Assert.InRange(screen.Wraps, 0, columns.Count(sign => sign == ',')); // a line may be on its way at each resizing
        Assert.True(output.Split("\repoch").Length > 3, output); // there was a live line
        Assert.Contains("  ETA ", output, StringComparison.Ordinal);
        string[] rows = [.. screen.Rows.SkipWhile(row => !row.StartsWith("epoch 1/2", StringComparison.Ordinal))];
        Assert.All(rows, row => Assert.Matches(OfAnEpoch(), row)); // and nothing of it is left
        Assert.Equal(2, rows.Count(row => row.StartsWith("epoch ", StringComparison.Ordinal)));
    }

    [PseudoTerminalTheory]
    [InlineData("TERM", "dumb")]
    public void DumbTerminal_GetsALineAnEpoch(string name, string value)
    {
        using var folder = new TempFolder();
        var environment = new Dictionary<string, string?> { [name] = value };
        string output = PseudoTerminal.Run(folder, "80", environment, "QuickStart", [.. Long, "--out", "run"]);

        Assert.DoesNotContain("ETA", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", output.Replace("\r\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(2, output.Split("\nepoch ").Length - 1);
    }

    [PseudoTerminalTheory]
    [InlineData("NO_COLOR", "1")]
    public void NoColor_IsObeyed(string name, string value)
    {
        using var folder = new TempFolder();
        var environment = new Dictionary<string, string?> { [name] = value };
        string output = PseudoTerminal.Run(folder, "80", environment, "QuickStart", [.. Long, "--out", "run"]);
        Assert.DoesNotMatch(Colour(), output);
    }

    /// <summary>What stands there at the end is one board, and nothing that an earlier one left.</summary>
    [PseudoTerminalTheory]
    [InlineData("80", 80)]
    [InlineData("40", 40)]
    public void BoardOfTheHomework_FitsTheTerminal_AndIsOneTableAtTheEnd(string text, int columns)
    {
        using var folder = new TempFolder();
        string[] small = ["--data", "synthetic", "--quick", "--epochs", "1", "--train-limit", "64", "--test-limit", "32"];
        string[] few = ["--parts", "1b,3a", "--seeds", "1", "--parallel", "1", "--out", "run"];
        string output = PseudoTerminal.Run(folder, text, Colours, "Homework", [.. small, .. few]);
        using var screen = new TerminalScreen(columns);
        int begin = output.LastIndexOf('\n', output.IndexOf("Homework:", StringComparison.Ordinal)) + 1,
            end = output.IndexOf("Report:", StringComparison.Ordinal);
        screen.Write(output[begin..end].Replace("\r\n", "\n", StringComparison.Ordinal));

        Assert.True(output.Split("Homework: about").Length > 2, output); // there was a live board, with the time left
        Assert.Equal(0, screen.Wraps);
        Assert.Equal(
            "Homework: done",
            Assert.Single(screen.Rows, row => row.Contains("Homework:", StringComparison.Ordinal)).Trim()
        );
        Assert.Contains(
            "5 of 5",
            Assert.Single(screen.Rows, row => row.Contains("lenet", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "5 of 5",
            Assert.Single(screen.Rows, row => row.Contains("rnn", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.InRange(screen.Rows.Count(row => row.Length > 0), 5, 8); // title, heading, two studies, views, and borders
    }

    private static Dictionary<string, string?> Colours => new() { ["NO_COLOR"] = null };

    /// <summary>Without what the sample says before its first live line, and the table and the paths below the epochs'
    /// lines.</summary>
    private static string UpToTheRunsEnd(string output) =>
        output[output.IndexOf("\repoch", StringComparison.Ordinal)..output.IndexOf("metric", StringComparison.Ordinal)]
            .TrimEnd()
            .Replace("\r\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(@"^(epoch \d/\d|  train_|  test_|  \d+\.\d s|  \d+ samples/s|train_|test_|$)")]
    private static partial Regex OfAnEpoch();

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colour();
}
