using System.CommandLine;
using System.Globalization;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Studies;
using VisionSeqModels.Tests.Studies;

namespace VisionSeqModels.Benchmarks.Studies;

/// <summary>How often a study's conclusion is wrong, and how often it finds what is there: the tables of
/// docs/studies.md.</summary>
internal static class VerdictsCommand
{
    public static Command Create()
    {
        var studies = new Option<int>("--studies") { Description = "Simulated studies a row", DefaultValueFactory = _ => 20_000 };
        var command = new Command("verdicts", "Error rates and power of a study's verdicts, by simulated studies") { studies };
        command.SetAction(line =>
        {
            Nulls(line.GetValue(studies));
            Power(line.GetValue(studies));
        });
        return command;
    }

    /// <summary>Studies in which nothing differs.</summary>
    private static void Nulls(int count)
    {
        (string Name, SimulatedStudy Study)[] rows =
        [
            ("base and one value, 3 seeds", new() { Values = [2] }),
            ("base and four values, 3 seeds", new()),
            ("base and four values, 5 seeds", new() { Seeds = 5 }),
            ("base and four values, 10 seeds", new() { Seeds = 10 }),
            ("base and nine values, 5 seeds", new() { Values = [10], Seeds = 5 }),
            ("grid of 2 × 2, 3 seeds", new() { Values = [2, 2] }),
            ("grid of 3 × 3, 5 seeds", new() { Values = [3, 3], Seeds = 5 }),
            ("four values, each spreads 1.5 times as much as the one before, 5 seeds", new() { Seeds = 5, Growth = 1.5 }),
            ("four values, heavy tails (t with 3 degrees), 5 seeds", new() { Seeds = 5, HasHeavyTails = true }),
            ("four values, accuracy over 200 samples, 3 seeds", new() { TestSamples = 200 }),
            ("four values, one trial of ten fails, 5 seeds", new() { Seeds = 5, Failures = 0.1 }),
        ];
        Table.Print([
            [
                Counted("nothing differs", count),
                "a factor's sentence",
                "the best's sentence",
                "any of them",
                "t tests uncorrected",
            ],
            .. InParallel(
                rows,
                row =>
                {
                    int factors = 0,
                        best = 0,
                        any = 0,
                        plain = 0;
                    var random = new Random(21);
                    for (int i = 0; i < count; i++)
                    {
                        var conclusion = row.Study.Draw(random);
                        bool beaten = conclusion.BestSetting.Beaten.Count > 0,
                            claims = SimulatedStudy.ClaimsADifference(conclusion);
                        factors +=
                            conclusion.Factors.Any(factor => factor.Verdict is Verdict.Better or Verdict.Worse)
                            || conclusion.Interactions.Any(pair => pair.Exists == true)
                                ? 1
                                : 0;
                        best += beaten ? 1 : 0;
                        any += claims ? 1 : 0;
                        plain += conclusion.Factors.Any(factor => factor.P < 0.05) ? 1 : 0;
                    }

                    return new[]
                    {
                        row.Name,
                        Percent(factors, count),
                        Percent(best, count),
                        Percent(any, count),
                        Percent(plain, count),
                    };
                }
            ),
        ]);
    }

    /// <summary>One value, or four, that really differ from the base.</summary>
    private static void Power(int count)
    {
        Table.Print([
            [
                Counted("a value is better by, in deviations of a difference", count),
                "3 seeds",
                "5 seeds",
                "10 seeds",
                "3, of four",
                "5, of four",
                "10, of four",
            ],
            .. InParallel(
                [1.0, 2.0, 4.0],
                effect =>
                    new[] { effect.ToString("0", CultureInfo.InvariantCulture) }
                        .Concat(
                            from values in new[] { 2, 5 }
                            from seeds in new[] { 3, 5, 10 }
                            select Rate(
                                new SimulatedStudy
                                {
                                    Values = [values],
                                    Seeds = seeds,
                                    Effect = effect * SimulatedStudy.Spread,
                                },
                                Verdict.Better,
                                count
                            )
                        )
                        .ToArray()
            ),
        ]);
        Table.Print([
            [
                Counted("δ, in deviations of a difference", count),
                "3 seeds",
                "5 seeds",
                "10 seeds",
                "wrongly, of any of four that differ by δ, 5 seeds",
            ],
            .. InParallel(
                [1.0, 2.0, 4.0],
                margin =>
                    new[] { margin.ToString("0", CultureInfo.InvariantCulture) }
                        .Concat(
                            from seeds in new[] { 3, 5, 10 }
                            select Rate(
                                new SimulatedStudy
                                {
                                    Values = [2],
                                    Seeds = seeds,
                                    Margin = margin * SimulatedStudy.Spread,
                                },
                                Verdict.Equivalent,
                                count
                            )
                        )
                        .Append(AtTheMargin(margin, count))
                        .ToArray()
            ),
        ]);
        Outlook(count / 10);
    }

    /// <summary>How often “no larger difference” is said of any value, though all are as large as the margin.</summary>
    private static string AtTheMargin(double margin, int count)
    {
        var random = new Random(21);
        var study = new SimulatedStudy
        {
            Seeds = 5,
            Margin = margin * SimulatedStudy.Spread,
            Effect = margin * SimulatedStudy.Spread,
        };
        int wrong = Enumerable
            .Range(0, count)
            .Count(_ => study.Draw(random).Factors.Any(factor => factor.Verdict == Verdict.Equivalent));
        return Percent(wrong, count);
    }

    /// <summary>Undecided studies of three seeds, repeated from the start with as many seeds as they ask for; and extended, in
    /// which nothing differs.</summary>
    private static void Outlook(int count)
    {
        Table.Print([
            [
                Counted("undecided with 3 seeds, a value is better by", count),
                "median of the seeds asked for",
                "decided with so many",
            ],
            .. InParallel(
                [0.5, 1.0, 2.0],
                effect =>
                {
                    var random = new Random(21);
                    var study = new SimulatedStudy { Values = [2], Effect = effect * SimulatedStudy.Spread };
                    var asked = new List<int>();
                    int decided = 0;
                    for (int i = 0; i < count; i++)
                    {
                        if (study.Draw(random).Factors[0].SeedsToDecide is int seeds)
                        {
                            asked.Add(seeds);
                            decided +=
                                (study with { Seeds = seeds }).Draw(random).Factors[0].Verdict == Verdict.Undecided ? 0 : 1;
                        }
                    }

                    asked.Sort();
                    return new[]
                    {
                        effect.ToString("0.0", CultureInfo.InvariantCulture),
                        asked[asked.Count / 2].ToString(CultureInfo.InvariantCulture),
                        Percent(decided, asked.Count),
                    };
                }
            ),
        ]);
    }

    /// <summary>How often the first value has a verdict.</summary>
    private static string Rate(SimulatedStudy study, Verdict verdict, int count)
    {
        var random = new Random(21);
        return Percent(Enumerable.Range(0, count).Count(_ => study.Draw(random).Factors[0].Verdict == verdict), count);
    }

    /// <summary>Each row has a generator of its own, so the numbers are those of one after another.</summary>
    private static string[][] InParallel<T>(T[] rows, Func<T, string[]> make) => [.. rows.AsParallel().AsOrdered().Select(make)];

    private static string Counted(string what, int studies) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} ({studies:n0} studies a row)");

    private static string Percent(int part, int of) => (100.0 * part / of).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
