namespace VisionSeqModels.Kernels;

/// <summary>For each pixel of a resized row or column: which pixels of the picture it is made of, and with which weights. The
/// page beside this file has the formula.</summary>
internal sealed class ResampleWeights
{
    /// <summary>Weights are whole numbers: 1 is 2 to this power.</summary>
    public const int Precision = 22;

    private readonly int[] _begins;
    private readonly int[] _counts;
    private readonly int[] _weights;
    private readonly int _most;

    /// <param name="source">Pixels of the picture in this direction.</param>
    /// <param name="scaled">Pixels that they become.</param>
    /// <param name="first">The first of those that is wanted.</param>
    /// <param name="count">How many are wanted.</param>
    public ResampleWeights(int source, long scaled, long first, int count)
    {
        double scale = (double)source / scaled;
        double support = Math.Max(scale, 1);
        _most = ((int)Math.Ceiling(support) * 2) + 1;
        _begins = new int[count];
        _counts = new int[count];
        _weights = new int[checked(count * _most)];
        Span<double> values = _most <= 1024 ? stackalloc double[_most] : new double[_most];
        for (int i = 0; i < count; i++)
        {
            double center = (first + i + 0.5) * scale;
            int begin = Math.Max((int)(center - support + 0.5), 0);
            int end = Math.Min((int)(center + support + 0.5), source);
            double sum = 0;
            for (int j = begin; j < end; j++)
            {
                double weight = Math.Max(0, 1 - Math.Abs((j - center + 0.5) * (1 / support)));
                values[j - begin] = weight;
                sum += weight;
            }

            (_begins[i], _counts[i]) = (begin, end - begin);
            for (int j = 0; j < end - begin; j++)
            {
                _weights[(i * _most) + j] = (int)(0.5 + (values[j] / sum * (1 << Precision)));
            }
        }
    }

    /// <summary>How many resized pixels there are.</summary>
    public int Count => _begins.Length;

    /// <summary>The first pixel of the picture that any needs.</summary>
    public int First => _begins[0];

    /// <summary>The pixel behind the last that any needs.</summary>
    public int End => _begins[^1] + _counts[^1];

    /// <summary>The first pixel that one of them is made of.</summary>
    public int Begin(int index) => _begins[index];

    /// <summary>The weights of that pixel and of those behind it.</summary>
    public ReadOnlySpan<int> Of(int index) => _weights.AsSpan(index * _most, _counts[index]);
}
