using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>What belongs to each sequence: a class, numbers, or either at each step.</summary>
/// <param name="classes">Classes, one a sequence or one a step; null where the targets are numbers.</param>
/// <param name="values">Numbers, a row a sequence or a row a step; null where the targets are classes.</param>
/// <param name="valueCount">How many numbers a row has.</param>
/// <param name="perStep">Whether there is one at each step.</param>
internal sealed class SequenceTargets(int[][]? classes, float[][]? values, int valueCount, bool perStep)
{
    /// <summary>Stands where a step does not count: losses leave it out where they are asked to, and fail else.</summary>
    public const long NoLabel = -100;

    public bool AreClasses => classes is not null;

    public bool PerStep => perStep;

    public int Count => classes?.Length ?? values!.Length;

    /// <summary>How many numbers a target has; 0 for classes.</summary>
    public int ValueCount => classes is null ? valueCount : 0;

    /// <summary>The largest class.</summary>
    public int MaximumClass => classes!.SelectMany(row => row).DefaultIfEmpty().Max();

    /// <summary>The class of each sequence; null where it has none of its own.</summary>
    public int[]? ClassOfEach => classes is null || perStep ? null : [.. classes.Select(row => row[0])];

    /// <summary>Mean and standard deviation of the numbers.</summary>
    public FeatureMoments Moments() => FeatureMoments.Of([.. values!.Select(row => (ReadOnlyMemory<float>)row)], valueCount);

    /// <summary>The classes of a sequence: one, or one a step.</summary>
    public ReadOnlySpan<int> Classes(long index) => classes![index];

    /// <summary>The numbers of a sequence: a row, or a row a step.</summary>
    public ReadOnlySpan<float> Values(long index) => values![index];

    /// <summary>How many steps the targets of a sequence are for; null where they are for the whole.</summary>
    public int? StepsOf(int index) =>
        !perStep ? null
        : classes is not null ? classes[index].Length
        : values![index].Length / valueCount;

    /// <summary>The targets of some sequences, padded to a number of steps where there is one a step.</summary>
    public Tensor Of(ReadOnlySpan<long> indices, int steps, FeatureNormalization? normalization)
    {
        int rows = perStep ? steps : 1;
        return classes is not null ? ClassTensor(indices, rows) : ValueTensor(indices, rows, normalization);
    }

    private Tensor ClassTensor(ReadOnlySpan<long> indices, int rows)
    {
        long[] labels = new long[indices.Length * rows];
        Array.Fill(labels, NoLabel);
        for (int i = 0; i < indices.Length; i++)
        {
            int[] own = classes![indices[i]];
            for (int step = 0; step < own.Length; step++)
            {
                labels[(i * rows) + step] = own[step];
            }
        }

        return perStep ? tensor(labels).reshape(indices.Length, rows) : tensor(labels);
    }

    private Tensor ValueTensor(ReadOnlySpan<long> indices, int rows, FeatureNormalization? normalization)
    {
        float[] numbers = new float[indices.Length * rows * valueCount];
        Array.Fill(numbers, float.NaN);
        for (int i = 0; i < indices.Length; i++)
        {
            var own = values![indices[i]].AsSpan();
            FeatureScale.Apply(own, numbers.AsSpan(i * rows * valueCount, own.Length), normalization);
        }

        return perStep
            ? tensor(numbers).reshape(indices.Length, rows, valueCount)
            : tensor(numbers).reshape(indices.Length, valueCount);
    }
}
