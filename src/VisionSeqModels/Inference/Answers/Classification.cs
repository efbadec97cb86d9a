using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>What a classifier says of one image or sequence: every label with its probability, the most likely
/// first.</summary>
public sealed class Classification
{
    private const int Shown = 3;

    internal Classification(IReadOnlyList<string> names, float[] scores, ReadOnlySpan<double> probabilities)
    {
        Scores = scores;
        var labels = new LabelProbability[probabilities.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = new LabelProbability(names[i], i, probabilities[i]);
        }

        labels
            .AsSpan()
            .Sort(
                static (one, other) =>
                    other.Probability.CompareTo(one.Probability) is int order and not 0 ? order : one.Index.CompareTo(other.Index)
            );
        Labels = Array.AsReadOnly(labels);
    }

    /// <summary>All labels, by falling probability. Of one class out of several the probabilities add to 1; independent labels
    /// have each its own.</summary>
    public IReadOnlyList<LabelProbability> Labels { get; }

    /// <summary>The most likely label.</summary>
    public LabelProbability Top => Labels[0];

    /// <summary>The model's outputs before softmax or sigmoid, in the order of its classes.</summary>
    public IReadOnlyList<float> Scores { get; }

    /// <summary>The three most likely labels, such as <c>cat 0.93, dog 0.05, horse 0.01, …</c>, in any culture.</summary>
    public override string ToString() =>
        string.Join(
            ", ",
            Labels
                .Take(Shown)
                .Select(label =>
                    string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(label.Label)} {label.Probability:0.00}")
                )
        ) + (Labels.Count > Shown ? ", …" : "");
}
