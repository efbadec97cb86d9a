using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Draws studies whose truth is known, to count how often their conclusions are wrong. The benchmark
/// <c>verdicts</c> uses it too.</summary>
internal sealed record SimulatedStudy
{
    /// <summary>The deviation of a difference between two settings over seeds.</summary>
    public const double Spread = 0.01;

    /// <summary>The number of values of each factor: one for one at a time, several for a grid.</summary>
    public IReadOnlyList<int> Values { get; init; } = [5];

    public int Seeds { get; init; } = 3;

    /// <summary>How much better each setting but the base really is.</summary>
    public double Effect { get; init; }

    /// <summary>How much more each setting spreads than the one before.</summary>
    public double Growth { get; init; } = 1;

    /// <summary>Whether values have heavy tails: Student's distribution with three degrees of freedom.</summary>
    public bool HasHeavyTails { get; init; }

    /// <summary>For how many test samples values are rounded to whole ones; null for none.</summary>
    public int? TestSamples { get; init; }

    /// <summary>How likely a trial is to have no result.</summary>
    public double Failures { get; init; }

    public double Margin { get; init; } = 0.01;

    public StudyConclusion Draw(Random random)
    {
        var study = new StudyFile
        {
            Question = "?",
            Monitor = "test_accuracy",
            HigherIsBetter = true,
            EquivalenceMargin = Margin,
            Trials = [],
        };
        double[] ofSeeds = [.. Enumerable.Range(0, Seeds).Select(_ => 0.03 * Normal(random))];
        var trials = new List<TrialResult>();
        int count = Values.Aggregate(1, (product, values) => product * values);
        for (int setting = 0; setting < count; setting++)
        {
            double spread = Spread / Math.Sqrt(2) * Math.Pow(Growth, setting);
            for (int seed = 0; seed < Seeds; seed++)
            {
                double own = HasHeavyTails ? Normal(random) / Math.Sqrt(ChiSquared(random, 3) / 3) : Normal(random),
                    value = 0.6 + ofSeeds[seed] + (spread * own) + (setting == 0 ? 0 : Effect);
                value = TestSamples is int samples ? Math.Round(value * samples) / samples : value;
                bool failed = random.NextDouble() < Failures;
                trials.Add(
                    new TrialResult
                    {
                        Setting = $"s{setting}",
                        Factors = FactorsOf(setting),
                        Seed = seed,
                        Folder = "",
                        Outcome = failed ? StopReason.Failed : StopReason.Completed,
                        Score = failed ? null : value,
                    }
                );
            }
        }

        return new StudyConclusion(new StudySummary(study, trials));
    }

    /// <summary>Whether a conclusion says anywhere that something differs.</summary>
    public static bool ClaimsADifference(StudyConclusion conclusion) =>
        conclusion.Factors.Any(factor => factor.Verdict is Verdict.Better or Verdict.Worse)
        || conclusion.Interactions.Any(pair => pair.Exists == true)
        || conclusion.BestSetting.Beaten.Count > 0;

    /// <summary>A number of the normal distribution (Box and Muller).</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double ChiSquared(Random random, int degrees) =>
        Enumerable.Range(0, degrees).Sum(_ => Math.Pow(Normal(random), 2));

    private Dictionary<string, string> FactorsOf(int setting)
    {
        var factors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (i, values) in Values.Index())
        {
            factors[$"f{i}"] = $"{setting % values}";
            setting /= values;
        }

        return factors;
    }
}
