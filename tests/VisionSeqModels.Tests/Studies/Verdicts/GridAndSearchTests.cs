using System.Globalization;
using SkiaSharp;
using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Grids have main effects, interactions and heat maps; searches have importance and lines across axes.</summary>
[Collection("Torch")]
public sealed class GridAndSearchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The second rate brings 0.1 with either size, the second size nothing alone and nothing together.</summary>
    [Fact]
    public void MainEffect_IsTheMeanOverTheOtherFactor()
    {
        var conclusion = Grid((rate, size, seed) => (0.1 * rate) + (0.001 * Shake(rate, size, seed))).Conclusion;
        var (byRate, bySize) = (conclusion.Factors[0], conclusion.Factors[1]);
        Assert.Equal(("rate", "2", "1", Verdict.Better), (byRate.Factor, byRate.Value, byRate.BaseValue, byRate.Verdict));
        Assert.InRange(byRate.Difference!.Value, 0.097, 0.103);
        Assert.StartsWith(
            "rate 2 against 1, averaged over size: better. Final test accuracy",
            byRate.Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(("size", Verdict.Equivalent), (bySize.Factor, bySize.Verdict));
        var together = Assert.Single(conclusion.Interactions);
        Assert.False(together.Exists);
        Assert.All(conclusion.Factors, factor => Assert.Equal(3, factor.Comparisons)); // two effects and the interaction
        Assert.Contains("No interaction of two values is shown: 0 undecided, 1 not larger than 0.01.", conclusion.Sentences);
    }

    /// <summary>A value that helps with the one and harms with the other.</summary>
    [Fact]
    public void Interaction_IsWhatTwoValuesBringBeyondTheirSum()
    {
        var conclusion = Grid((rate, size, seed) => (0.2 * rate * size) + (0.001 * Shake(rate, size, seed))).Conclusion;
        var together = Assert.Single(conclusion.Interactions);
        Assert.True(together.Exists);
        Assert.InRange(together.Difference!.Value, 0.19, 0.21);
        Assert.StartsWith(
            "rate 2 with size 64: they interact. Together they change the final test accuracy by +0.",
            together.Sentence,
            StringComparison.Ordinal
        );
        Assert.Contains(together.Sentence, conclusion.Sentences);
    }

    [Fact]
    public void Grid_HasATableAndAHeatMap_InPageAndMarkdown()
    {
        var study = Grid((rate, size, seed) => (0.1 * rate) + (0.02 * size) + (0.001 * Shake(rate, size, seed)));
        study.WriteReport();
        string html = File.ReadAllText(_folder["report.html"]),
            markdown = File.ReadAllText(_folder["report.md"]);
        Assert.Contains(
            "| effect | of | difference | 95 % interval | p, corrected | verdict |",
            markdown,
            StringComparison.Ordinal
        );
        Assert.Contains("| rate × size | 2 with 64 | ", markdown, StringComparison.Ordinal);
        Assert.Contains("(effects.png)", markdown, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["effects.png"]));
        Assert.Contains("<svg class=\"chart gridmap", html, StringComparison.Ordinal);
        var map = Assert.Single(study.Conclusion.Maps);
        Assert.Equal(["1", "2"], map.RowNames);
        Assert.Equal(["32", "64"], map.ColumnNames);
        Assert.Equal(0.62, map.Means[1, 1], 0.002);
    }

    [Fact]
    public void TrialOfAGridWithoutAResult_LeavesItsSeedOut()
    {
        var conclusion = Grid((rate, size, seed) => (rate, size, seed) == (1, 1, 2) ? double.NaN : 0.1 * rate).Conclusion;
        Assert.All(conclusion.Factors, factor => Assert.Equal((2, 3), (factor.Pairs, factor.AllPairs)));
        Assert.Equal("rate 2, size 64, seed 2 (undefined)", Assert.Single(conclusion.Factors[0].LeftOut));
    }

    [Fact]
    public void OneSeedOfAGrid_SaysNothingAboutChance()
    {
        var conclusion = Grid((rate, _, _) => 0.1 * rate, seeds: 1).Conclusion;
        Assert.All(
            conclusion.Factors,
            factor => Assert.EndsWith("One seed says nothing about chance.", factor.Sentence, StringComparison.Ordinal)
        );
        Assert.Null(conclusion.Interactions[0].Exists);
    }

    [Fact]
    public void Search_SaysWhichFactorMatters()
    {
        var study = Search(40, (rate, _) => 0.9 - (0.2 * Math.Abs(Math.Log10(rate) + 2)));
        var importance = study.Conclusion.Importance!;
        Assert.Equal("rate", importance.Factors[0].Factor);
        Assert.InRange(importance.Factors[0].Fraction, 0.8, 1);
        Assert.InRange(importance.Explained, 0.6, 1);
        Assert.StartsWith("Importance for the final test accuracy: rate ", importance.Sentence, StringComparison.Ordinal);
        Assert.Contains(importance.Sentence, study.Conclusion.Sentences);
        var lines = study.Conclusion.Coordinates!;
        Assert.Equal(["rate", "size", "final test accuracy"], lines.Axes.Select(axis => axis.Name));
        Assert.Equal(40, lines.Lines.Count);
        Assert.Equal((0, 1), (lines.Lines[0].Rank, lines.Lines[0].Places[^1]));
        Assert.All(lines.Lines.SelectMany(line => line.Places), place => Assert.InRange(place, 0, 1));
        study.WriteReport();
        Assert.Contains("<svg class=\"chart parallel", File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);
        string markdown = File.ReadAllText(_folder["report.md"]);
        Assert.Contains($"- {importance.Sentence}\n", markdown, StringComparison.Ordinal);
        Assert.Contains("![Each setting a line: its values, and its result.", markdown, StringComparison.Ordinal);
        using var picture = SKBitmap.Decode(_folder["coordinates.png"]);
        var best = SKColor.Parse(ChartPalette.Light[0]); // the best line is the fullest, on top
        Assert.Contains(best, picture.Pixels);
        Assert.True(picture.Pixels.Distinct().Count() > 20); // paler ones below
    }

    [Fact]
    public void SearchOfNoise_SaysThatNothingCanBeSaid()
    {
        var random = new Random(5);
        string sentence = Search(12, (_, _) => random.NextDouble()).Conclusion.Importance!.Sentence;
        Assert.StartsWith("Which factor matters cannot be said from 12 settings", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void FewerThanTenSettings_HaveNoImportance()
    {
        var conclusion = Search(9, (rate, _) => rate).Conclusion;
        Assert.Null(conclusion.Importance);
        Assert.Null(conclusion.Coordinates);
        Assert.Equal([conclusion.Best], conclusion.Sentences);
    }

    private static double Shake(int rate, int size, int seed) => Math.Sin((7 * rate) + (3 * size) + (5 * seed));

    private Study Grid(Func<int, int, int, double> value, int seeds = 3)
    {
        var study = new MadeUpStudy(_folder.Root) { EquivalenceMargin = 0.01, Plan = StudyPlanKind.Grid };
        foreach (int rate in new[] { 0, 1 })
        {
            foreach (int size in new[] { 0, 1 })
            {
                for (int seed = 1; seed <= seeds; seed++)
                {
                    double accuracy = 0.5 + value(rate, size, seed);
                    var factors = new Dictionary<string, string> { ["rate"] = $"{rate + 1}", ["size"] = $"{32 * (size + 1)}" };
                    string name = $"rate {factors["rate"]}, size {factors["size"]}";
                    study.Add(name, factors, seed, 2, _ => [("train_loss", 1), ("test_accuracy", accuracy)]);
                }
            }
        }

        return study.Open();
    }

    private Study Search(int count, Func<double, int, double> value)
    {
        var random = new Random(9);
        var study = new MadeUpStudy(_folder.Root) { Plan = StudyPlanKind.Sampled };
        for (int i = 0; i < count; i++)
        {
            string rate = Math.Pow(10, -4 + (3 * random.NextDouble())).ToString("G3", CultureInfo.InvariantCulture);
            int size = 32 << random.Next(3);
            double accuracy = value(double.Parse(rate, CultureInfo.InvariantCulture), size);
            var factors = new Dictionary<string, string> { ["rate"] = rate, ["size"] = $"{size}" };
            study.Add($"rate {rate}, size {size}", factors, 1, 2, _ => [("train_loss", 1), ("test_accuracy", accuracy)]);
        }

        return study.Open();
    }
}
