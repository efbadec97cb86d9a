using System.Globalization;
using System.Runtime.InteropServices;
using VisionSeqModels.Data;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Makes the inputs of a sequence model.</summary>
internal static class SequenceInputs
{
    /// <exception cref="ArgumentException">The sizes do not fit the values.</exception>
    public static float[,] Matrix(ReadOnlySpan<float> values, int time, int features)
    {
        if (time < 1 || features < 1 || (long)time * features != values.Length)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A sequence of {time} steps of {features} features must have {(long)time * features} values and at least "
                        + $"one step and feature, but has {values.Length} values."
                ),
                nameof(values)
            );
        }

        float[,] matrix = new float[time, features];
        values.CopyTo(MemoryMarshal.CreateSpan(ref matrix[0, 0], matrix.Length));
        return matrix;
    }

    /// <exception cref="ArgumentException">A sequence has no step, other features than the model, or a value that is NaN or
    /// infinite.</exception>
    public static void Check(IReadOnlyList<float[,]> sequences, int? features, IReadOnlyList<string>? names)
    {
        foreach (float[,] sequence in sequences)
        {
            ArgumentNullException.ThrowIfNull(sequence);
            int wanted = features ?? sequences[0].GetLength(1);
            if (sequence.GetLength(0) < 1 || sequence.GetLength(1) != wanted)
            {
                throw new ArgumentException(
                    $"A sequence must have one step or more of {wanted} features"
                        + $"{(names is null ? "" : $" ({Core.PlainText.List(names)})")}, but has {sequence.GetLength(0)} of "
                        + $"{sequence.GetLength(1)}.",
                    nameof(sequences)
                );
            }

            CheckFinite(sequence, names);
        }
    }

    /// <summary>The sequences, normalised and padded by zeros, <c>[batch, time, features]</c>, and their lengths where they
    /// differ.</summary>
    public static (Tensor Inputs, Tensor? Lengths) Of(
        IReadOnlyList<float[,]> sequences,
        FeatureNormalization? normalization,
        bool differ
    )
    {
        int time = sequences.Max(sequence => sequence.GetLength(0));
        int features = sequences[0].GetLength(1);
        var inputs = differ ? zeros(sequences.Count, time, features) : empty(sequences.Count, time, features);
        var numbers = TensorMemory.Floats(inputs);
        for (int i = 0; i < sequences.Count; i++)
        {
            var values = Values(sequences[i]);
            FeatureScale.Apply(values, numbers.Slice(i * time * features, values.Length), normalization);
        }

        return (inputs, differ ? tensor(sequences.Select(sequence => sequence.GetLongLength(0)).ToArray()) : null);
    }

    private static ReadOnlySpan<float> Values(float[,] sequence) =>
        sequence.Length == 0 ? [] : MemoryMarshal.CreateReadOnlySpan(ref sequence[0, 0], sequence.Length);

    private static void CheckFinite(float[,] sequence, IReadOnlyList<string>? names)
    {
        bool areFinite = true;
        foreach (float value in Values(sequence))
        {
            areFinite &= float.IsFinite(value);
        }

        if (areFinite)
        {
            return;
        }

        for (int step = 0; step < sequence.GetLength(0); step++)
        {
            for (int feature = 0; feature < sequence.GetLength(1); feature++)
            {
                if (!float.IsFinite(sequence[step, feature]))
                {
                    string name = names is null
                        ? feature.ToString(CultureInfo.InvariantCulture)
                        : $"'{Core.PlainText.Of(names[feature])}'";
                    throw new ArgumentException(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"The feature {name} of step {step} (counted from 0) is {sequence[step, feature]}, but every value "
                                + $"must be finite. Fill missing values as the training data did, or leave the step out."
                        ),
                        nameof(sequence)
                    );
                }
            }
        }
    }
}
