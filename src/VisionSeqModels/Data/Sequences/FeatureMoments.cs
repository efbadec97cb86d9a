namespace VisionSeqModels.Data;

/// <summary>Mean and standard deviation of each column of rows of numbers; what is not-a-number does not count.</summary>
internal sealed class FeatureMoments
{
    private readonly double[] _sums;
    private readonly double[] _squares;
    private readonly long[] _counts;

    private FeatureMoments(int columns) =>
        (_sums, _squares, _counts) = (new double[columns], new double[columns], new long[columns]);

    /// <summary>Measures rows, read twice; a column without a number has mean 0.</summary>
    /// <param name="rows">Whole rows, in any pieces.</param>
    /// <param name="columns">The numbers of a row.</param>
    public static FeatureMoments Of(IReadOnlyList<ReadOnlyMemory<float>> rows, int columns)
    {
        var moments = new FeatureMoments(columns);
        moments.ForEach(rows, moments.First);
        moments.ForEach(rows, moments.Second);
        return moments;
    }

    /// <summary>The columns without a number.</summary>
    public IEnumerable<int> Empty => Enumerable.Range(0, _counts.Length).Where(column => _counts[column] == 0);

    public double Mean(int column) => _counts[column] == 0 ? 0 : _sums[column] / _counts[column];

    public FeatureNormalization Normalization =>
        new()
        {
            Mean = [.. Enumerable.Range(0, _counts.Length).Select(Mean)],
            StandardDeviation = [.. Enumerable.Range(0, _counts.Length).Select(Deviation)],
        };

    /// <summary>1 for a column of one value: sums of equal floats are exact, so its squares are 0.</summary>
    private double Deviation(int column) =>
        Math.Sqrt(_squares[column] / _counts[column]) is var deviation and > 0 ? deviation : 1;

    private void ForEach(IReadOnlyList<ReadOnlyMemory<float>> rows, Action<int, float> use)
    {
        foreach (var piece in rows)
        {
            var numbers = piece.Span;
            for (int i = 0; i < numbers.Length; i++)
            {
                if (!float.IsNaN(numbers[i]))
                {
                    use(i % _counts.Length, numbers[i]);
                }
            }
        }
    }

    private void First(int column, float value)
    {
        _sums[column] += value;
        _counts[column]++;
    }

    private void Second(int column, float value)
    {
        double difference = value - Mean(column);
        _squares[column] += difference * difference;
    }
}
