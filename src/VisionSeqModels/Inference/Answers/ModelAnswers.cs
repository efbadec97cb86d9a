using System.Globalization;

namespace VisionSeqModels.Inference;

/// <summary>Turns a model's outputs into answers: classes, labels or values.</summary>
internal sealed class ModelAnswers(ModelDescription description, ModelOutput output)
{
    private IReadOnlyList<string>? _names;

    /// <summary>The names of the outputs, once their number is known.</summary>
    public IReadOnlyList<string> Names(int count) =>
        _names ??=
            description.ClassNames is { } names && names.Count == count ? names : [.. Enumerable.Range(0, count).Select(Number)];

    /// <exception cref="InvalidOperationException">The outputs are values.</exception>
    public void RequireClasses()
    {
        if (output == ModelOutput.Values)
        {
            throw new InvalidOperationException(
                $"The model '{description.Architecture}' answers with values, not with classes. Call Regress."
            );
        }
    }

    /// <exception cref="InvalidOperationException">The outputs are classes or labels.</exception>
    public void RequireValues()
    {
        if (output != ModelOutput.Values)
        {
            throw new InvalidOperationException(
                $"The model '{description.Architecture}' answers with {output.ToString().ToLowerInvariant()}, not with values. "
                    + "Call Classify."
            );
        }
    }

    public Classification Classification(float[] scores) =>
        new(Names(scores.Length), scores, output == ModelOutput.Labels ? scores.Select(Sigmoid) : Softmax(scores));

    /// <summary>Values in the units of the targets that the model was trained on.</summary>
    public double[] Values(float[] outputs) =>
        description.Targets is { } targets
            ?
            [
                .. outputs.Select(
                    (value, i) =>
                        (value * targets.StandardDeviation[i % targets.StandardDeviation.Count])
                        + targets.Mean[i % targets.Mean.Count]
                ),
            ]
            : [.. outputs.Select(value => (double)value)];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Sigmoid(float score) => 1 / (1 + Math.Exp(-score));

    private static double[] Softmax(float[] scores)
    {
        double largest = scores.Max();
        double[] powers = [.. scores.Select(score => Math.Exp(score - largest))];
        double sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }
}
