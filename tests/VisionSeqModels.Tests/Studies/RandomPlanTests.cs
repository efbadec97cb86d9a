using System.Globalization;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class RandomPlanTests
{
    private sealed record Setting(double Rate, double Dropout, string Optimizer);

    private static readonly StudyPlanBuilder<Setting> Factors = StudyPlan
        .From(new Setting(0, 0, ""))
        .VaryLogUniform("rate", 1e-5, 1, (setting, value) => setting with { Rate = value })
        .VaryUniform("dropout", 0.1, 0.5, (setting, value) => setting with { Dropout = value })
        .Vary("optimizer", ["Adam", "SGD"], (setting, value) => setting with { Optimizer = value });

    [Fact]
    public void Settings_AreWhatTheirLabelsSay_WithinTheRanges_AndSpread()
    {
        var plan = Factors.Random(400, seed: 5);
        Assert.Equal(400, plan.Settings.Select(setting => setting.Value).Distinct().Count());
        Assert.All(
            plan.Settings,
            setting =>
            {
                Assert.Equal(setting.Value.Rate, double.Parse(setting.Factors["rate"], CultureInfo.InvariantCulture));
                Assert.Equal(setting.Value.Dropout, double.Parse(setting.Factors["dropout"], CultureInfo.InvariantCulture));
                Assert.InRange(setting.Value.Rate, 1e-5, 1);
                Assert.InRange(setting.Value.Dropout, 0.1, 0.5);
                Assert.True(setting.Factors["rate"].Count(char.IsDigit) <= 7, setting.Factors["rate"]);
            }
        );
        // Five decades, eighty expected in each; four tenths, a hundred expected in each. Bounds far beyond chance (five
        // deviations).
        Assert.All(
            Enumerable.Range(-5, 5),
            decade =>
                Assert.InRange(plan.Settings.Count(setting => Math.Floor(Math.Log10(setting.Value.Rate)) == decade), 40, 120)
        );
        Assert.All(
            Enumerable.Range(1, 4),
            tenth => Assert.InRange(plan.Settings.Count(setting => Math.Floor(setting.Value.Dropout * 10) == tenth), 57, 143)
        );
        Assert.InRange(plan.Settings.Count(setting => setting.Value.Optimizer == "Adam"), 150, 250);
    }

    [Fact]
    public void SameSeed_SamePlan_AndMoreSettingsBeginWithTheSame()
    {
        var few = Factors.Random(5, seed: 5);
        Assert.Equal(
            few.Settings.Select(setting => setting.Name),
            Factors.Random(20, seed: 5).Settings.Take(5).Select(setting => setting.Name)
        );
        Assert.NotEqual(few.Settings[0].Name, Factors.Random(5, seed: 6).Settings[0].Name);
    }

    [Fact]
    public void AsManyAsThereAre_AreAllOfThem() =>
        Assert.Equal(
            ["optimizer Adam", "optimizer SGD"],
            StudyPlan
                .From("")
                .Vary("optimizer", ["Adam", "SGD"], (_, value) => value)
                .Random(2, seed: 1)
                .Settings.Select(setting => setting.Name)
                .Order()
        );

    [Fact]
    public void Labels_AreTheSameInAnyCulture()
    {
        var before = CultureInfo.CurrentCulture;
        string[] names = [.. Factors.Random(5, seed: 5).Settings.Select(setting => setting.Name)];
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(names, Factors.Random(5, seed: 5).Settings.Select(setting => setting.Name));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
