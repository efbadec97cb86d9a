using System.Numerics;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Draws places in proportion to their weights. A binary tree of sums: a draw and a removal take as many steps as it
/// has levels, and only additions and comparisons, which are the same on every system.</summary>
internal sealed class WeightTree
{
    private readonly double[] _sums; // the root at 1, the children of i at 2 i and 2 i + 1
    private readonly int _leaves;

    public WeightTree(IReadOnlyList<double> weights)
    {
        _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(weights.Count, 2));
        _sums = new double[2 * _leaves];
        for (int i = 0; i < weights.Count; i++)
        {
            _sums[_leaves + i] = weights[i];
        }

        for (int node = _leaves - 1; node > 0; node--)
        {
            _sums[node] = _sums[2 * node] + _sums[(2 * node) + 1];
        }
    }

    public double Total => _sums[1];

    /// <summary>A place; never one of weight 0.</summary>
    public int Draw(ref SplitMix random)
    {
        double at = random.Unit() * Total;
        int node = 1;
        while (node < _leaves)
        {
            double left = _sums[2 * node];
            bool goesLeft = at < left || _sums[(2 * node) + 1] == 0; // rounding may leave a rest behind the last weight
            at -= goesLeft ? 0 : left;
            node = (2 * node) + (goesLeft ? 0 : 1);
        }

        return node - _leaves;
    }

    /// <summary>Takes a place out: it is not drawn again.</summary>
    public void Remove(int place)
    {
        int node = _leaves + place;
        _sums[node] = 0;
        for (node /= 2; node > 0; node /= 2)
        {
            _sums[node] = _sums[2 * node] + _sums[(2 * node) + 1];
        }
    }
}
