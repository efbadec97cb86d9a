namespace VisionSeqModels.Studies;

/// <summary>The tree-structured Parzen estimator: it divides the points that were tried into the best
/// <see cref="GoodFraction"/> and the others, and tries next what is likely among the former and unlikely among the
/// latter.</summary>
/// <remarks> Source: Bergstra, Bardenet, Bengio, Kégl: Algorithms for Hyper-Parameter Optimization (2011). Each factor is
/// treated by itself. For a range the density is the mean of the prior and of a normal distribution at each point, cut off
/// at the range's ends. Its deviation is the larger distance to the point's neighbours. For given values it counts one for
/// the prior and one for each point that has the value. Until <see cref="StartPoints"/> points have ended it draws from the
/// prior, which <see cref="StudyDimension"/> states. Points without a score are among the others. </remarks>
public sealed class TpeSampler : IStudySampler
{
    private readonly List<(IReadOnlyList<double> Point, double Score)> _seen = [];
    private int _startPoints = 10;
    private double _goodFraction = 0.15;
    private int _candidates = 24;

    /// <summary>Points drawn from the prior before the first that is chosen; default 10, at least 1.</summary>
    public int StartPoints
    {
        get => _startPoints;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _startPoints = value;
        }
    }

    /// <summary>The fraction of points that count as good, rounded up; default 0.15 (the paper's γ), above 0 and below
    /// 1.</summary>
    public double GoodFraction
    {
        get => _goodFraction;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, 1);
            _goodFraction = value;
        }
    }

    /// <summary>Values of each factor that are drawn from the good points' density; the best of them is taken. Default 24, at
    /// least 1.</summary>
    public int Candidates
    {
        get => _candidates;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _candidates = value;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(random);
        if (_seen.Count < StartPoints)
        {
            return [.. space.Select(dimension => dimension.Draw(random))];
        }

        List<IReadOnlyList<double>> ranked = [.. _seen.OrderByDescending(seen => seen.Score).Select(seen => seen.Point)];
        int good = (int)Math.Ceiling(GoodFraction * ranked.Count);
        return
        [
            .. space.Select(
                (dimension, i) =>
                {
                    double[] values = [.. ranked.Select(point => point[i])];
                    return Best(
                        ParzenEstimate.Of(dimension, values[..good]),
                        ParzenEstimate.Of(dimension, values[good..]),
                        random
                    );
                }
            ),
        ];
    }

    /// <inheritdoc/>
    public void Tell(IReadOnlyList<double> point, double? score) => _seen.Add((point, score ?? double.NegativeInfinity));

    private double Best(ParzenEstimate good, ParzenEstimate others, Random random) =>
        Enumerable
            .Range(0, Candidates)
            .Select(_ => good.Draw(random))
            .ToList()
            .MaxBy(value => good.Density(value) / others.Density(value));
}
