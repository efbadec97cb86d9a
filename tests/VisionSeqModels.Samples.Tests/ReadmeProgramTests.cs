using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests;

/// <summary>The program that a reader of the README copies is the one that <c>samples/QuickStart</c> runs.</summary>
public sealed partial class ReadmeProgramTests
{
    /// <summary>All that QuickStart has otherwise: data, values and the folder come from the command line, and Ctrl+C stops
    /// it.</summary>
    private static readonly (string Readme, string QuickStart)[] MayDiffer =
    [
        ("using var data = SyntheticImages.Create();", "using var data = run.LoadData("),
        ("Epochs = 5", "Epochs = run.Arguments.Epochs"),
        ("BatchSize = 64", "BatchSize = run.Arguments.BatchSize"),
        ("Seed = 1", "Seed = run.Arguments.Seed"),
        ("RunDirectory = \"my-first-run\"", "RunDirectory = run.RunDirectory, Device = run.Arguments.Device"),
        (
            "new AdamOptions { LearningRate = 1e-3 }",
            "run.Arguments.Optimizer == \"sgd\" "
                + "? new SgdOptions { LearningRate = run.Arguments.LearningRate, Momentum = run.Arguments.Momentum } "
                + ": new AdamOptions { LearningRate = run.Arguments.LearningRate }"
        ),
        ("})", "}, run.Logger)"),
        ("new ProgressReporter(Console.Out)", "new ProgressReporter(Console.Out, live: !Console.IsOutputRedirected)"),
        (
            "history = trainer.Fit(",
            "history = run.Resumes() "
                + "? trainer.Resume(run.RunDirectory, model, data.Train, data.Test, run.CancellationToken) : trainer.Fit("
        ),
        ("data.Test);", "data.Test, run.CancellationToken);"),
        ("\"curves.png\"", "run.In(\"curves.png\")"),
        ("is in my-first-run", "is in {run.RunDirectory}"),
    ];

    [Fact]
    public void QuickStart_IsTheProgramOfTheReadme_LineByLine()
    {
        string sample = Plain(File.ReadAllText(Path.Combine(Sample.Folder, "QuickStart", "Program.cs")));
        string readme = File.ReadAllText(Path.Combine(Sample.Folder, "..", "README.md"));
        string[] lines =
        [
            .. Block()
                .Match(readme)
                .Groups[1]
                .Value.Split('\n')
                .Select(line => line.Split(" // ")[0].Trim())
                .Where(line => line.Length > 0),
        ];
        Assert.InRange(lines.Length, 10, 20);

        int at = 0;
        var unused = MayDiffer.Select(pair => pair.Readme).ToHashSet();
        foreach (string line in lines)
        {
            string expected = line;
            foreach (var (before, after) in MayDiffer.Where(pair => Applies(pair.Readme, line)))
            {
                expected = expected.Replace(before, after, StringComparison.Ordinal);
                unused.Remove(before);
            }

            int found = sample.IndexOf(Plain(expected.TrimEnd(',')), at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"QuickStart lacks the line, or has it in another place:\n{line}\nas\n{expected}");
            at = found + 1;
        }

        Assert.Empty(unused);
    }

    /// <summary>The closing of the options is a line of its own; elsewhere "})" is something else.</summary>
    private static bool Applies(string part, string line) =>
        part == "})" ? line == part : line.Contains(part, StringComparison.Ordinal);

    /// <summary>Without white space, and without the commas that a formatter puts before a closing brace.</summary>
    private static string Plain(string code) => Filler().Replace(code, "").Replace(",}", "}", StringComparison.Ordinal);

    [GeneratedRegex(@"<!-- program: quick -->\s*```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Filler();
}
