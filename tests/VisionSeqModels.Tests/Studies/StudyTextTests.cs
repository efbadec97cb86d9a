namespace VisionSeqModels.Tests.Studies;

public sealed class StudyTextTests
{
    [Theory]
    [InlineData(79)]
    [InlineData(40)]
    public void Summary_HasARowASetting_AndWhatWasFound_WithinTheColumns(int columns)
    {
        using var folder = new TempFolder();
        var made = new MadeUpStudy(folder.Root);
        foreach (int seed in new[] { 1, 2, 3 })
        {
            made.Add("base", new() { ["rate"] = "1" }, seed, 2, _ => [("train_loss", 1), ("test_accuracy", 0.5 + (0.01 * seed))]);
            made.Add(
                "rate with a long name of its own",
                new() { ["rate"] = "2" },
                seed,
                2,
                _ => [("train_loss", 1), ("test_accuracy", 0.7 + (0.01 * seed))]
            );
        }

        var study = made.Open();
        using var writer = new StringWriter();
        study.WriteSummary(writer, columns);
        string[] lines = writer.ToString().Split(writer.NewLine);
        Assert.All(lines, line => Assert.True(line.Length <= columns, line));
        Assert.StartsWith("setting", lines[0], StringComparison.Ordinal);
        Assert.Contains("0.5200", lines[1], StringComparison.Ordinal);
        Assert.Contains("0.7200", lines[2], StringComparison.Ordinal);
        string text = string.Join(' ', lines[4..].SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.StartsWith(study.Report().Conclusion.Best, text, StringComparison.Ordinal);
        Assert.All(study.Report().Conclusion.Factors, factor => Assert.Contains(factor.Sentence, text, StringComparison.Ordinal));
    }
}
