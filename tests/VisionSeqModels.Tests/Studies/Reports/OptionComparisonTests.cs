using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class OptionComparisonTests
{
    [Fact]
    public void OptionsOfAllTrials_AreHeld_ByWhatTheyBelongTo()
    {
        var options = Of(("a", "1", """{ "epochs": 2, "shuffle": true, "optimizer": { "name": "Adam", "beta1": 0.9 } }"""));
        Assert.Equal([("training", "epochs 2, shuffle yes"), ("optimizer", "Adam, beta1 0.9")], options.Held);
        Assert.Empty(options.Differing);
        Assert.Null(options.Warning);
    }

    [Fact]
    public void TrialsWithoutARecord_AreNotCompared()
    {
        var summary = Summary(Trial("a", 1) with { Record = RunOf("""{ "epochs": 2 }""") }, Trial("b", null));
        Assert.Equal([("training", "epochs 2")], OptionComparison.Of(summary).Held);
        Assert.Empty(OptionComparison.Of(Summary(Trial("a", null))).Held);
    }

    [Fact]
    public void OptionThatGoesWithAFactor_IsNoCauseForAWarning()
    {
        var options = Of(("a", "1", """{ "epochs": 2 }"""), ("b", "2", """{ "epochs": 3 }"""), ("c", "2", """{ "epochs": 3 }"""));
        Assert.Equal([("epochs", "2 (a); 3 (b, c)", "rate")], options.Differing);
        Assert.Null(options.Warning);
    }

    [Fact]
    public void OptionThatDiffersWithinAValue_GoesWithNone()
    {
        var options = Of(("a", "1", """{ "epochs": 2 }"""), ("b", "2", """{ "epochs": 2 }"""), ("c", "2", """{ "epochs": 3 }"""));
        Assert.Equal([("epochs", "2 (a, b); 3 (c)", "none")], options.Differing);
        Assert.Equal(
            "These differ, though they go with no factor: epochs. What is compared may be their doing.",
            options.Warning
        );
    }

    /// <summary>Both the rate and the setting decide: the rate has as many values as the option.</summary>
    [Fact]
    public void OfSeveralFactors_ItIsTheOneWithAsManyValues()
    {
        var summary = Summary([
            .. new[] { ("a", "1", 2), ("b", "2", 3), ("c", "2", 3) }.Select(entry =>
                Trial(entry.Item1, 1, factors: [("name", entry.Item1), ("rate", entry.Item2)]) with
                {
                    Record = RunOf($$"""{ "epochs": {{entry.Item3}} }"""),
                }
            ),
        ]);
        Assert.Equal("rate", Assert.Single(OptionComparison.Of(summary).Differing).Factor);
    }

    [Fact]
    public void ManySettings_AreCounted()
    {
        var options = Of(
            ("a", "1", """{ "epochs": 2 }"""),
            ("b", "1", """{ "epochs": 2 }"""),
            ("c", "1", """{ "epochs": 2 }"""),
            ("d", "2", """{ "epochs": 3 }""")
        );
        Assert.Equal("2 (3 settings); 3 (d)", Assert.Single(options.Differing).Values);
    }

    [Fact]
    public void ManyNumbers_AreARange_AndManyTextsAreCut()
    {
        Assert.Equal(
            "10 (s0); 9 (s1); 8 (s2); 7 (s3); 6 (s4); 5 (s5); 4 (s6); 3 (s7)",
            Values(Enumerable.Range(0, 8).Select(i => $"{10 - i}"))
        );
        Assert.Equal("9 values from 2 to 10", Values(Enumerable.Range(0, 9).Select(i => $"{10 - i}")));
        Assert.Equal(
            "x0 (s0); x1 (s1); x2 (s2); x3 (s3); x4 (s4); x5 (s5); x6 (s6); x7 (s7); and 2 more",
            Values(Enumerable.Range(0, 10).Select(i => $"\"x{i}\""))
        );
        Assert.EndsWith(
            "; and 1 more",
            Values(Enumerable.Range(0, 8).Select(i => $"{i}").Append("\"x\"")),
            StringComparison.Ordinal
        );

        static string Values(IEnumerable<string> values) =>
            Assert
                .Single(Of([.. values.Select((value, i) => ($"s{i}", $"{i}", $$"""{ "epochs": {{value}} }"""))]).Differing)
                .Values;
    }

    [Fact]
    public void OptionOfSomeKindsOnly_IsHeldWithItsKind()
    {
        var options = Of(
            ("a", "1", """{ "optimizer": { "name": "Adam", "beta1": 0.9 } }"""),
            ("b", "2", """{ "optimizer": { "name": "SGD" } }""")
        );
        Assert.Equal([("optimizer", "beta1 0.9 (Adam)")], options.Held);
        var without = Of(("a", "1", """{ "epochs": 2, "clip": 1 }"""), ("b", "2", """{ "epochs": 2 }"""));
        Assert.Equal([("training", "epochs 2, clip 1 (where there is one)")], without.Held);
        var several = Of(
            ("a", "1", """{ "optimizer": { "name": "Adam", "decay": 0.9 } }"""),
            ("b", "2", """{ "optimizer": { "name": "AdamW", "decay": 0.9 } }"""),
            ("c", "3", """{ "optimizer": { "name": "SGD" } }""")
        );
        Assert.Equal([("optimizer", "decay 0.9 (where there is one)")], several.Held);
    }

    [Fact]
    public void Seed_IsNoOption() => Assert.Empty(Of(("a", "1", """{ "seed": 1 }"""), ("b", "2", """{ "seed": 2 }""")).Differing);

    private static OptionComparison Of(params (string Setting, string Rate, string Trainer)[] trials) =>
        OptionComparison.Of(
            Summary([
                .. trials.Select(trial =>
                    Trial(trial.Setting, 1, factors: [("rate", trial.Rate)]) with
                    {
                        Record = RunOf(trial.Trainer),
                    }
                ),
            ])
        );
}
