using System.Globalization;
using System.Text;
using VisionSeqModels.Metrics;

namespace VisionSeqModels.Visualization;

/// <summary>Precision, recall, F1 score and support of each class, and their averages, as scikit-learn's
/// <c>classification_report</c> with all classes and <c>zero_division=0</c>.</summary>
public sealed record ClassificationReport
{
    /// <summary>A line for each class.</summary>
    public required IReadOnlyList<ClassScores> Classes { get; init; }

    /// <summary>Over all samples together: with one class a sample, all three are the accuracy.</summary>
    public required ClassScores Micro { get; init; }

    /// <summary>The plain mean of the classes.</summary>
    public required ClassScores Macro { get; init; }

    /// <summary>The mean of the classes, each weighted by its support.</summary>
    public required ClassScores Weighted { get; init; }

    /// <summary>The lines as a table.</summary>
    public override string ToString()
    {
        ClassScores[] lines = [.. Classes, Micro, Macro, Weighted];
        int name = lines.Max(line => line.Name.Length);
        var text = new StringBuilder();
        text.Append(' ', name).Append("  precision  recall      f1    support\n");
        foreach (var line in lines)
        {
            text.Append(line.Name.PadLeft(name))
                .Append(
                    CultureInfo.InvariantCulture,
                    $"  {line.Precision, 9:0.0000}  {line.Recall:0.0000}  {line.F1:0.0000}  {line.Support, 9:n0}\n"
                );
        }

        return text.ToString();
    }

    internal static ClassificationReport Of(IReadOnlyList<(string Name, ClassCounts Counts)> classes)
    {
        double correct = classes.Sum(entry => entry.Counts.Correct),
            total = classes.Sum(entry => entry.Counts.Actual);
        ClassScores Average(string name, Func<ClassCounts, double> weight)
        {
            double weights = classes.Sum(entry => weight(entry.Counts));
            double Mean(Func<ClassCounts, double> score) =>
                weights == 0 ? 0 : classes.Sum(entry => weight(entry.Counts) * score(entry.Counts)) / weights;
            return Line(name, Mean(counts => counts.Precision), Mean(counts => counts.Recall), Mean(counts => counts.F1), total);
        }

        double accuracy = total == 0 ? 0 : correct / total;
        return new ClassificationReport
        {
            Classes =
            [
                .. classes.Select(entry =>
                    Line(entry.Name, entry.Counts.Precision, entry.Counts.Recall, entry.Counts.F1, entry.Counts.Actual)
                ),
            ],
            Micro = Line("micro average", accuracy, accuracy, accuracy, total),
            Macro = Average("macro average", _ => 1),
            Weighted = Average("weighted average", counts => counts.Actual),
        };
    }

    private static ClassScores Line(string name, double precision, double recall, double f1, double support) =>
        new()
        {
            Name = name,
            Precision = precision,
            Recall = recall,
            F1 = f1,
            Support = (long)support,
        };
}
