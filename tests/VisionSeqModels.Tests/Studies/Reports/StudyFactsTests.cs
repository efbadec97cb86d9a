using System.Text.Json.Nodes;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyFactsTests
{
    private static readonly DateTimeOffset Begin = new(2026, 5, 4, 10, 0, 0, TimeSpan.FromHours(2));

    [Fact]
    public void WithoutARun_ThereIsNothingToSay() =>
        Assert.Equal([("runs", "none has begun")], StudyFacts.Of(Summary(Trial("a", null))));

    [Fact]
    public void OneRun_IsSaidByItself()
    {
        var facts = Facts(
            RunOf() with
            {
                Source = "cifar10",
                Versions = Versions("""{ "torch_sharp": "1.0", "os": "Debian" }"""),
            }
        );
        Assert.Equal(
            [
                ("data", "cifar10"),
                ("device", "cpu"),
                ("threads a trial", "1"),
                ("trials at once", "3"),
                ("TorchSharp", "1.0"),
                ("os", "Debian"),
                ("first trial begun", "2026-05-04 10:00:00 +02:00"),
                ("last trial ended", "2026-05-04 10:00:10 +02:00"),
                ("seconds of all trials", "10.0"),
            ],
            facts
        );
    }

    [Fact]
    public void RunsThatDiffer_AreCounted_AndWhatOneLacksIsUnknown()
    {
        var facts = Facts(
                RunOf() with
                {
                    Data = new RunRecord.DataPart { ClassNames = ["cat", "dog"] },
                    Versions = Versions("""{ "torch_sharp": "1.0" }"""),
                },
                RunOf(threads: 2) with
                {
                    Versions = Versions("""{ "torch_sharp": "1.1", "os": "Debian" }"""),
                },
                RunOf(threads: 2)
            )
            .ToDictionary(fact => fact.Name, fact => fact.Value);
        Assert.Equal("2: cat, dog (1 trial); unknown (2 trials)", facts["classes"]);
        Assert.Equal("1 (1 trial); 2 (2 trials)", facts["threads a trial"]);
        Assert.Equal("1.0 (1 trial); 1.1 (1 trial); none (1 trial)", facts["TorchSharp"]);
        Assert.Equal("none (2 trials); Debian (1 trial)", facts["os"]);
        Assert.False(facts.ContainsKey("images"));
        Assert.False(facts.ContainsKey("division"));
    }

    [Fact]
    public void Times_AreOfTheFirstAndTheLast()
    {
        var facts = Facts(
            RunOf() with
            {
                Started = Begin.AddMinutes(1),
                Seconds = 1500.25,
            },
            RunOf() with
            {
                Started = Begin.AddMinutes(2),
                Seconds = 10,
            },
            RunOf()
        );
        Assert.Contains(("first trial begun", "2026-05-04 10:00:00 +02:00"), facts);
        Assert.Contains(("last trial ended", "2026-05-04 10:26:00 +02:00"), facts);
        Assert.Contains(("seconds of all trials", "1,520.3"), facts);
    }

    /// <summary>Only when a run was resumed is known, not how long its last part took.</summary>
    [Fact]
    public void ResumedRun_EndedAfterItsLastResume()
    {
        ResumeRecord At(int hours) =>
            new()
            {
                Time = Begin.AddHours(hours),
                Epoch = 1,
                Step = 1,
                Changes = [],
            };
        var facts = Facts(RunOf() with { Resumes = [At(1), At(2)] }, RunOf());
        Assert.Contains(("last trial ended", "after 2026-05-04 12:00:00 +02:00"), facts);
        Assert.Contains(("resumed", "1 trial"), facts);
        Assert.DoesNotContain(Facts(RunOf()), fact => fact.Name == "resumed");
    }

    [Theory]
    [InlineData(-1.0, "10:00:00")]
    [InlineData(0.0, "10:00:00")]
    [InlineData(1.0, "10:00:01")]
    [InlineData(1e300, "10:00:00")]
    [InlineData(double.NaN, "10:00:00")]
    [InlineData(2.6e11, "10:00:00")]
    public void SecondsThatAreNoTime_LeaveTheStart(double seconds, string end) =>
        Assert.Contains(
            ("last trial ended", $"2026-05-04 {end} +02:00"),
            Facts(RunOf() with { Seconds = seconds }).Select(fact => (fact.Name, fact.Value))
        );

    /// <summary>A time near the last that there is could not be shown at another offset.</summary>
    [Fact]
    public void SecondsToTheLastDayOfAll_LeaveTheStart()
    {
        double all = (DateTimeOffset.MaxValue - Begin).TotalSeconds;
        Assert.Contains(("last trial ended", "2026-05-04 10:00:00 +02:00"), Facts(RunOf() with { Seconds = all - 80_000 }));
        Assert.Contains(("last trial ended", "2026-05-04 10:00:00 +02:00"), Facts(RunOf() with { Seconds = all - 86_400 }));
        Assert.Contains(("last trial ended", "9999-12-30 20:00:00 +02:00"), Facts(RunOf() with { Seconds = all - 107_999.5 }));
    }

    [Fact]
    public void Division_IsThatOfTheFolds()
    {
        var folds = new StudyFolds
        {
            Count = 3,
            Seed = 7,
            Stratified = true,
            Grouped = false,
        };
        var facts = StudyFacts.Of(new StudySummary(TheStudy with { Folds = folds }, [Trial("a", 1) with { Record = RunOf() }]));
        Assert.Contains(("division", "3 folds (stratified, seed 7), the trial's seed added"), facts);
    }

    private static JsonObject Versions(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static IReadOnlyList<(string Name, string Value)> Facts(params RunRecord[] runs) =>
        StudyFacts.Of(
            new StudySummary(
                TheStudy with
                {
                    ParallelTrials = 3,
                },
                [.. runs.Select((run, i) => Trial($"s{i}", 1) with { Record = run })]
            )
        );
}
