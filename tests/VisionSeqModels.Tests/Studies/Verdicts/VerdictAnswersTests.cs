using System.Text.Json;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The tests behind verdicts are scipy's, see TestData/scipy/verdict_answers.py.</summary>
public sealed class VerdictAnswersTests
{
    private const double Close = 3e-8; // scipy's own quantiles have no more digits than that
    private static readonly JsonElement Known = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TestData", "scipy", "verdict_answers.json")))
        .RootElement;

    [Fact]
    public void StudentsDistribution_IsThatOfScipy() =>
        Assert.All(
            Known.GetProperty("t").EnumerateArray(),
            known => Same(Number(known, "above"), StudentT.Above(Number(known, "t"), (int)Number(known, "degrees")))
        );

    [Fact]
    public void Quantiles_AreThoseOfScipy() =>
        Assert.All(
            Known.GetProperty("quantiles").EnumerateArray(),
            known => Same(Number(known, "t"), StudentT.Quantile(Number(known, "fraction"), (int)Number(known, "degrees")))
        );

    [Fact]
    public void PairedTestIntervalAndEquivalence_AreThoseOfScipy() =>
        Assert.All(
            Known.GetProperty("samples").EnumerateArray(),
            known =>
            {
                var sample = new PairedSample([
                    .. Numbers(known, "value").Zip(Numbers(known, "base"), (value, atBase) => value - atBase),
                ]);
                Same(Number(known, "p"), sample.P!.Value);
                Same(Number(known, "low"), sample.Interval!.Value.Low);
                Same(Number(known, "high"), sample.Interval!.Value.High);
                Same(Number(known, "equivalence"), sample.EquivalenceP(Number(known, "margin"))!.Value);
            }
        );

    [Fact]
    public void HolmsCorrection_IsThatOfTheDefinition() =>
        Assert.All(
            Known.GetProperty("holm").EnumerateArray(),
            known =>
                Assert.All(
                    Numbers(known, "adjusted").Zip(Holm.Adjust(Numbers(known, "p"))),
                    pair => Same(pair.First, pair.Second)
                )
        );

    /// <summary>Two pairs with the same spread about a mean, so that the sample has exactly the known ones.</summary>
    [Fact]
    public void PowerToDecide_IsThatOfTheNoncentralDistribution() =>
        Assert.All(
            Known.GetProperty("power").EnumerateArray(),
            known =>
            {
                double half = Number(known, "deviation") / Math.Sqrt(2),
                    effect = Number(known, "effect");
                double power = DecisionPower.Of(
                    new PairedSample([effect - half, effect + half]),
                    Number(known, "margin"),
                    Number(known, "level"),
                    (int)Number(known, "count")
                );
                Assert.Equal(Number(known, "decides"), power, 1e-6);
                if (known.GetProperty("differs") is { ValueKind: JsonValueKind.Number } differs)
                {
                    Assert.Equal(differs.GetDouble(), power, 1e-6);
                }
            }
        );

    /// <summary>The stored answers are those of the scipy that is here.</summary>
    [ScipyFact]
    public void StoredAnswers_AreThoseOfScipyHere()
    {
        using var folder = new TempFolder();
        string script = Path.Combine(AppContext.BaseDirectory, "TestData", "scipy", "verdict_answers.py");
        PyTorch.Run(
            folder.Root,
            "import sys, warnings\nwarnings.simplefilter('ignore')\nsys.stdout = open('answers.json', 'w')\n"
                + $"exec(open(r'{script}').read())\n"
        );
        var now = JsonDocument.Parse(File.ReadAllText(folder["answers.json"])).RootElement;
        double[] stored = [.. Leaves(Known)],
            here = [.. Leaves(now)];
        Assert.Equal(stored.Length, here.Length);
        Assert.True(stored.Length > 500);
        Assert.All(stored.Zip(here), pair => Same(pair.First, pair.Second));
    }

    private static IEnumerable<double> Leaves(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(entry => Leaves(entry.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Leaves),
            JsonValueKind.Number => [element.GetDouble()],
            _ => [],
        };

    private static void Same(double known, double value) =>
        Assert.True(
            Math.Abs(known - value) <= Close * Math.Max(1e-2, Math.Abs(known)),
            FormattableString.Invariant($"{value} is not {known}.")
        );

    private static double Number(JsonElement known, string name) => known.GetProperty(name).GetDouble();

    private static double[] Numbers(JsonElement known, string name) =>
        [.. known.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
