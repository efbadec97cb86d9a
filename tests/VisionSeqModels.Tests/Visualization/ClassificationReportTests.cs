using System.Text.Json;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Tests.Visualization;

/// <summary>The report of a confusion matrix is scikit-learn's, see TestData/scikit-learn/classification_report.py.</summary>
public sealed class ClassificationReportTests
{
    private static readonly JsonElement Cases = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TestData", "scikit-learn", "classification_report.json")))
        .RootElement.GetProperty("cases");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)] // with a class that is never predicted, and one without a sample
    public void Report_IsThatOfScikitLearn(int number)
    {
        var known = Cases[number];
        var report = Matrix(known).Report();
        Assert.Equal(known.GetProperty("classes").GetArrayLength(), report.Classes.Count);
        foreach (var (line, scores) in known.GetProperty("classes").EnumerateArray().Zip(report.Classes))
        {
            Same(line, scores);
        }

        Same(known.GetProperty("macro"), report.Macro);
        Same(known.GetProperty("weighted"), report.Weighted);
        double accuracy = known.GetProperty("accuracy").GetDouble();
        Assert.All([report.Micro.Precision, report.Micro.Recall, report.Micro.F1], value => Assert.Equal(accuracy, value, 1e-12));
    }

    [Theory]
    [InlineData(ConfusionMatrixNormalization.Row, "true")]
    [InlineData(ConfusionMatrixNormalization.Column, "pred")]
    [InlineData(ConfusionMatrixNormalization.All, "all")]
    public void NormalizedMatrix_IsThatOfScikitLearn(ConfusionMatrixNormalization normalization, string name)
    {
        foreach (var known in Cases.EnumerateArray())
        {
            var rows = known.GetProperty("normalized").GetProperty(name).EnumerateArray();
            Assert.Equal(
                rows.SelectMany(row => row.EnumerateArray().Select(value => value.GetDouble())),
                Matrix(known).Normalized(normalization).Cast<double>(),
                (a, b) => Math.Abs(a - b) <= 1e-12
            );
        }
    }

    [Fact]
    public void Report_AsText_HasALineForEachClassAndAverage()
    {
        string[] lines = Matrix(Cases[0]).Report().ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(1 + 2 + 3, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        Assert.Contains("weighted average", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Supports_HaveThousandsSeparators_AsCountsHaveEverywhere()
    {
        string text = new ConfusionMatrix(
            new long[,]
            {
                { 12_000, 34 },
                { 0, 1_000_000 },
            }
        ).Report().ToString();
        Assert.Contains("     12,034\n", text, StringComparison.Ordinal);
        Assert.Contains("  1,000,000\n", text, StringComparison.Ordinal);
        Assert.Contains("  1,012,034\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassThatIsNotThere_IsNamedWithTheRange()
    {
        var matrix = Matrix(Cases[0]);
        foreach (int index in new[] { -1, 2 })
        {
            string message = Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Precision(index)).Message;
            Assert.Contains($"There is no class {index}: the matrix has the classes 0 to 1.", message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => matrix[0, index]);
        }
    }

    private static ConfusionMatrix Matrix(JsonElement known)
    {
        long[][] rows = [.. known.GetProperty("counts").EnumerateArray().Select(row => row.Deserialize<long[]>()!)];
        var counts = new long[rows.Length, rows.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i / rows.Length, i % rows.Length] = rows[i / rows.Length][i % rows.Length];
        }

        return new ConfusionMatrix(counts);
    }

    private static void Same(JsonElement known, ClassScores scores)
    {
        Assert.Equal(known.GetProperty("precision").GetDouble(), scores.Precision, 1e-12);
        Assert.Equal(known.GetProperty("recall").GetDouble(), scores.Recall, 1e-12);
        Assert.Equal(known.GetProperty("f1-score").GetDouble(), scores.F1, 1e-12);
        Assert.Equal(known.GetProperty("support").GetDouble(), scores.Support);
    }
}
