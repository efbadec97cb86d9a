using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What differs between what trials were run with and what is built now, as JSON.</summary>
public sealed class TrialChangesTests
{
    private const string Epochs2 = """{ "library": "1", "trainer": { "epochs": 2 } }""";
    private const string Epochs3 = """{ "library": "1", "trainer": { "epochs": 3 } }""";
    private static readonly StudyFile.Entry[] Trials =
    [
        .. new[] { "a", "b", "c" }.Select(name => new StudyFile.Entry(name, Factors(), 1, name)),
    ];

    [Theory]
    [InlineData("""{ "trainer": { "a": 1 } }""", """{ "trainer": { "a": 2 } }""", "a was 1 and is 2")]
    [InlineData("""{ "model": { "a": 1 } }""", """{ "model": { "a": 2 } }""", "model a was 1 and is 2")]
    [InlineData("""{ "model": { "a": { "b": 1 } } }""", """{ "model": { "a": { "b": 2 } } }""", "model a b was 1 and is 2")]
    [InlineData("""{ "model": { "a": "x" } }""", """{ "model": { } }""", "model a was \"x\" and is none")]
    [InlineData("""{ "model": { } }""", """{ "model": { "a": [1, 2] } }""", "model a was none and is [1, 2]")]
    [InlineData("""{ "model": { } }""", """{ "model": { "a": { "name": "x", "b": 1 } } }""", "model a was none and is x")]
    [InlineData("""{ "model": { } }""", """{ "model": { "a": 0, "b": false, "c": [], "d": null } }""")]
    [InlineData("""{ "model": { "a": 0, "b": false, "c": [], "d": null } }""", """{ "model": { } }""")]
    [InlineData("""{ "model": { "a": 0 } }""", """{ "model": { "a": null } }""", "model a was 0 and is none")]
    [InlineData("""{ "data": { } }""", """{ "data": { "a": 1 } }""")]
    [InlineData("""{ "data": { "a": 1 } }""", """{ "data": { } }""", "data a was 1 and is none")]
    [InlineData("""{ }""", """{ "model": { "a": 1 } }""")]
    [InlineData("""{ "model": { "a": 1 } }""", """{ }""")]
    public void Differences_AreATextEach(string saved, string now, params string[] texts) =>
        Assert.Equal(texts, TrialSetup.Differences(Json(saved), Json(now)));

    [Theory]
    [InlineData("loss")]
    [InlineData("metrics")]
    [InlineData("callbacks")]
    [InlineData("modules")]
    public void PrivateSettings_AreComparedWithinOneVersion(string group)
    {
        JsonObject Of(string library, int value) => Json($$"""{ "library": "{{library}}", "{{group}}": { "a": {{value}} } }""");
        Assert.Equal([$"{group} a was 1 and is 2"], TrialSetup.Differences(Of("1", 1), Of("1", 2)));
        Assert.Empty(TrialSetup.Differences(Of("1", 1), Of("2", 2)));
        Assert.Equal(
            ["model a was 1 and is 2"],
            TrialSetup.Differences(
                Json("""{ "library": "1", "model": { "a": 1 } }"""),
                Json("""{ "library": "2", "model": { "a": 2 } }""")
            )
        );
    }

    [Theory]
    [InlineData("""[{ "name": "x", "a": 1 }]""", """[{ "name": "x", "a": 2 }]""", "metrics x a was 1 and is 2")]
    [InlineData("""[{ "a": 1 }, { "a": 1 }]""", """[{ "a": 1 }, { "a": 2 }]""", "metrics 2 a was 1 and is 2")]
    [InlineData("""[{ "name": "x" }]""", """[{ "name": "x" }, { "name": "y" }]""", "metrics was [x] and is [x, y]")]
    [InlineData("""[1, 2]""", """[1, 3]""", "metrics was [1, 2] and is [1, 3]")]
    [InlineData("""[]""", """[{ "name": "x" }]""", "metrics was [] and is [x]")]
    [InlineData("""[{ "name": "x" }]""", """[]""", "metrics was [x] and is []")]
    public void Lists_AreComparedEntryByEntry_WhereTheyAreAsLong(string saved, string now, string text) =>
        Assert.Equal(
            [text],
            TrialSetup.Differences(Json($$"""{ "metrics": {{saved}} }"""), Json($$"""{ "metrics": {{now}} }"""))
        );

    [Fact]
    public void TrialsThatWereNotBegun_AreNotCompared()
    {
        var records = new Records { Saved = { ["a"] = Epochs2 }, States = { "a" } };
        var changes = Changes(records, (i, _) => Json(i == 0 ? Epochs2 : throw new InvalidOperationException()));
        Assert.Equal([(new TrialKey("a", 1, null), null)], changes.Select(one => (one.Key, one.Value)));
        records = new Records { Saved = { ["b"] = Epochs2 }, Runs = { ["b"] = RunOf() } };
        Assert.Equal("b", Assert.Single(Changes(records, (_, _) => Json(Epochs2))).Key.Setting);
        records = new Records { States = { "a" } }; // nothing is known of it
        Assert.Null(Assert.Single(Changes(records, (_, _) => Json(Epochs2))).Value);
    }

    [Fact]
    public void Differences_AreRefused_UnlessTheyAreAccepted()
    {
        var records = new Records
        {
            Saved =
            {
                ["a"] = Epochs2,
                ["b"] = Epochs2,
                ["c"] = Epochs3,
            },
            States = { "a", "b", "c" },
        };
        Assert.Equal(
            $"The trial 'a, seed 1' of the study in '{Path.GetFullPath("folder")}' was run with other options than the study's "
                + "function builds now: epochs was 2 and is 3 (1 other trial differ too). Trials of unlike options are not "
                + "comparable. Build the same, give another folder, or set StudyOptions.AcceptChanges, which marks them in the "
                + "report.",
            Assert.Throws<InvalidOperationException>(() => Changes(records, (_, _) => Json(Epochs3))).Message
        );
        var accepted = Changes(records, (_, _) => Json(Epochs3), accept: true);
        Assert.Equal(
            [
                ["epochs was 2 and is 3"],
                ["epochs was 2 and is 3"],
                null,
            ],
            accepted.Values
        );
    }

    [Theory]
    [InlineData(8, "; x7 was 1 and is 2. Trials")]
    [InlineData(9, "; x7 was 1 and is 2; and 1 option more. Trials")]
    [InlineData(10, "; x7 was 1 and is 2; and 2 options more. Trials")]
    public void ManyDifferences_AreCut(int count, string text)
    {
        string All(int value) =>
            $$"""{ "trainer": { {{string.Join(", ", Enumerable.Range(0, count).Select(i => $"\"x{i}\": {value}"))}} } }""";
        var records = new Records { Saved = { ["a"] = All(1) }, States = { "a" } };
        Assert.Contains(
            text,
            Assert.Throws<InvalidOperationException>(() => Changes(records, (_, _) => Json(All(2)))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatCannotBeReadOrBuilt_IsADifference()
    {
        var records = new Records { States = { "a" }, Fault = new JsonException("damaged") };
        Assert.Equal(
            ["trial.json cannot be read: damaged"],
            Assert.Single(Changes(records, (_, _) => Json(Epochs2), accept: true)).Value
        );
        records = new Records { States = { "a" }, Saved = { ["a"] = Epochs2 } };
        Assert.Equal(
            ["it cannot be built: no model"],
            Assert.Single(Changes(records, (_, _) => throw new InvalidOperationException("no model"), accept: true)).Value
        );
        Assert.Throws<SharedTrialObjectException>(() =>
            Changes(records, (_, _) => throw new SharedTrialObjectException("shared"), accept: true)
        );
        records = new Records { States = { "a" }, Fault = new IOException("no disk") };
        Assert.Throws<IOException>(() => Changes(records, (_, _) => Json(Epochs2), accept: true));
    }

    [Fact]
    public void SharedObject_IsFoundAmongTheCauses()
    {
        var shared = new SharedTrialObjectException("shared");
        Assert.Same(shared, SharedTrialObjectException.In(shared));
        Assert.Same(
            shared,
            SharedTrialObjectException.In(new InvalidOperationException("a", new ArgumentException("b", shared)))
        );
        Assert.Null(SharedTrialObjectException.In(new InvalidOperationException("a", new ArgumentException("b"))));
        Assert.Null(SharedTrialObjectException.In(null));
    }

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;

    private static Dictionary<TrialKey, IReadOnlyList<string>?> Changes(
        Records records,
        Func<int, StudyFile.Entry, JsonObject> build,
        bool accept = false
    ) => TrialChanges.Of("folder", records, Trials, build, accept);

    private sealed class Records : ITrialRecords
    {
        public Dictionary<string, string> Saved { get; } = [];

        public Dictionary<string, RunRecord> Runs { get; } = [];

        public HashSet<string> States { get; } = [];

        public Exception? Fault { get; init; }

        public (RunRecord? Record, string? Problem) Read(StudyFile.Entry trial) => (Runs.GetValueOrDefault(trial.Setting), null);

        public bool HasState(StudyFile.Entry trial) => States.Contains(trial.Setting);

        public JsonObject? Setup(StudyFile.Entry trial, RunRecord? record) =>
            Fault is not null ? throw Fault
            : Saved.TryGetValue(trial.Setting, out string? text) ? Json(text)
            : null;
    }
}
