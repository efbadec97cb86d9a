using VisionSeqModels.Studies;

namespace VisionSeqModels.Benchmarks.Studies;

/// <summary>Closed-form functions to minimize, and how far a sampler gets with them.</summary>
internal static class SearchFunctions
{
    private static readonly double[] HartmannWeights = [1, 1.2, 3, 3.2];

    private static readonly double[][] HartmannScales =
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ];

    private static readonly double[][] HartmannCenters =
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];

    private static readonly double[] FirstChoice = [0.5, 0, 0.3, 1];
    private static readonly double[] SecondChoice = [0.2, 0, 0.4];

    public static Function[] All { get; } =
    [
        new("Sphere, 4 dimensions", Ranges(4, -1, 1), 0, x => x.Sum(value => Square(value - 0.3))),
        new("Branin", [Range(-5, 10), Range(0, 15)], 0.397887, Branin),
        new("Rosenbrock, 2 dimensions", Ranges(2, -2, 2), 0, x => (100 * Square(x[1] - (x[0] * x[0]))) + Square(1 - x[0])),
        new("Ackley, 4 dimensions", Ranges(4, -5, 5), 0, Ackley),
        new("Hartmann, 6 dimensions", Ranges(6, 0, 1), -3.322368, Hartmann),
        new(
            "two logarithmic ranges and two choices",
            [
                StudyDimension.Range("rate", 1e-5, 1, isLogarithmic: true),
                StudyDimension.Range("decay", 1e-7, 0.1, isLogarithmic: true),
                StudyDimension.Values("kind", 4),
                StudyDimension.Values("size", 3),
            ],
            0,
            x =>
                Square(Math.Log10(x[0]) + 2.5 - (0.3 * (x[2] - 1)))
                + (0.3 * Square(Math.Log10(x[1]) + 4))
                + FirstChoice[(int)x[2]]
                + SecondChoice[(int)x[3]]
        ),
    ];

    /// <summary>The least value after so many points, for each seed.</summary>
    public static double[] Minimize(Function function, Func<IStudySampler> sampler, int points, int seeds) =>
        [.. Enumerable.Range(1, seeds).Select(seed => Minimize(function, sampler(), points, new Random(seed)))];

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Minimize(Function function, IStudySampler sampler, int points, Random random)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < points; i++)
        {
            var point = sampler.Ask(function.Space, random);
            double value = function.Value(point);
            sampler.Tell(point, -value);
            least = Math.Min(least, value);
        }

        return least;
    }

    private static double Branin(IReadOnlyList<double> x) =>
        Square(x[1] - (5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0]) + (5 / Math.PI * x[0]) - 6)
        + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x[0]))
        + 10;

    private static double Ackley(IReadOnlyList<double> x) =>
        20
        + Math.E
        - (20 * Math.Exp(-0.2 * Math.Sqrt(x.Average(Square))))
        - Math.Exp(x.Average(value => Math.Cos(2 * Math.PI * value)));

    private static double Hartmann(IReadOnlyList<double> x) =>
        -HartmannWeights
            .Select(
                (weight, i) =>
                    weight * Math.Exp(-x.Select((value, j) => HartmannScales[i][j] * Square(value - HartmannCenters[i][j])).Sum())
            )
            .Sum();

    private static StudyDimension[] Ranges(int count, double from, double to) =>
        [.. Enumerable.Range(1, count).Select(i => StudyDimension.Range($"x{i}", from, to))];

    private static StudyDimension Range(double from, double to) => StudyDimension.Range("x", from, to);

    private static double Square(double value) => value * value;

    /// <param name="Name">Its name.</param>
    /// <param name="Space">Where it is defined.</param>
    /// <param name="Least">Its least value.</param>
    /// <param name="Value">Its value at a point.</param>
    internal sealed record Function(
        string Name,
        IReadOnlyList<StudyDimension> Space,
        double Least,
        Func<IReadOnlyList<double>, double> Value
    );

    /// <summary>The prior alone.</summary>
    internal sealed class RandomSampler : IStudySampler
    {
        public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random) =>
            [.. space.Select(dimension => dimension.Draw(random))];

        public void Tell(IReadOnlyList<double> point, double? score) { }
    }
}
