using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>Sequences of several lengths whose class is the sign of their mean. Deterministic.</summary>
internal static class TinySequences
{
    public const int Features = 3;

    public static readonly int[] Lengths = [4, 7, 1, 5, 2, 7, 3];

    /// <summary>Arrays of random numbers.</summary>
    public static float[][,] Arrays(IReadOnlyList<int> lengths, int features = Features, int seed = 5)
    {
        var random = new Random(seed);
        return
        [
            .. lengths.Select(length =>
            {
                float[,] rows = new float[length, features];
                for (int i = 0; i < length; i++)
                {
                    for (int k = 0; k < features; k++)
                    {
                        rows[i, k] = (float)((random.NextDouble() * 2) - 1);
                    }
                }

                return rows;
            }),
        ];
    }

    public static int[] Labels(IEnumerable<float[,]> sequences) =>
        [.. sequences.Select(rows => rows.Cast<float>().Average() > 0 ? 1 : 0)];

    public static SequenceDataset Create(int count = 7, int seed = 5, SequenceDatasetOptions? options = null)
    {
        int[] lengths = [.. Enumerable.Range(0, count).Select(i => Lengths[i % Lengths.Length])];
        float[][,] sequences = Arrays(lengths, seed: seed);
        return SequenceDataset.From(sequences, Labels(sequences), options);
    }

    /// <summary>The same batches with another number in the padding.</summary>
    public static IBatchSource Padded(SequenceDataset data, float padding) =>
        BatchSource.From(data.Name, request => data.Read(request).Select(batch => Padded(batch, padding)), data.SampleCount);

    private static Batch Padded(Batch batch, float padding)
    {
        var isPadding = arange(batch.Inputs.size(1)).unsqueeze(0).ge(batch.Lengths!.unsqueeze(1));
        return new Batch(batch.Inputs.masked_fill(isPadding.unsqueeze(2), padding), batch.Targets, batch.Lengths);
    }
}
