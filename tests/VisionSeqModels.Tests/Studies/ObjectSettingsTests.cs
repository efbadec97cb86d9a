using System.Text.Json.Nodes;
using VisionSeqModels.Studies;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies;

public sealed class ObjectSettingsTests
{
    [Fact]
    public void Properties_AreThoseThatAUserCanSet_InTheOrderOfTheirNames() =>
        AssertJson(
            """{ "name": "Settable", "Init": "text", "Kind": "second", "Nothing": null, "Number": 1.5, "Span": "00:00:02" }""",
            ObjectSettings.OfProperties(new Settable(), typeof(Settable))
        );

    [Fact]
    public void Fields_AreThoseThatNeverChange_OfTheClassAndItsBases() =>
        AssertJson(
            """{ "name": "Derived", "Made": "x", "taken": 5, "kept": 1, "ofBase": 2.5 }""",
            ObjectSettings.OfFields(new Derived(5), typeof(Derived), typeof(Below))
        );

    [Fact]
    public void Lists_AreThere_WhereTheyArePlainAndShort()
    {
        AssertJson(
            """{ "name": "Lists", "Array": [1, 2], "Decimals": [0.5], "Long": [], "Texts": ["a", null] }""",
            ObjectSettings.OfFields(new Lists(0), typeof(Lists), typeof(object))
        );
        Assert.Equal(1000, ObjectSettings.OfFields(new Lists(1000), typeof(Lists), typeof(object))["Long"]!.AsArray().Count);
        Assert.False(ObjectSettings.OfFields(new Lists(1001), typeof(Lists), typeof(object)).ContainsKey("Long"));
    }

    [Fact]
    public void WhatTheLibraryMade_IsShownWithItsOwn()
    {
        var settings = ObjectSettings.OfFields(new Parts(), typeof(Parts), typeof(object));
        Assert.Equal(["name", "library"], settings.Select(entry => entry.Key));
        Assert.Equal("StudyShard", (string?)settings["library"]!["name"]);
        Assert.Equal(1, (int?)settings["library"]!["Index"]);
    }

    [Fact]
    public void WhatCanBeSetLater_IsNoSetting() =>
        AssertJson(
            """{ "name": "Adjustable", "Fixed": 2 }""",
            ObjectSettings.OfFields(new Adjustable(), typeof(Adjustable), typeof(object))
        );

    /// <summary>A function of the library's own shows what it was made with, that of a user does not.</summary>
    [Fact]
    public void FunctionOfTheLibrary_IsShownWithWhatItKeeps()
    {
        var focal = Losses.BinaryFocal(gamma: 2.5, alpha: 0.75);
        AssertJson(
            """{ "name": "binary_focal", "title": "Losses.BinaryFocal", "alpha": 0.75, "gamma": 2.5 }""",
            ObjectSettings.OfFields(focal, focal.GetType(), typeof(Loss))
        );
        double scale = 3;
        var own = Losses.From("mine", (outputs, targets) => (outputs - targets).sum() * scale);
        AssertJson("""{ "name": "mine" }""", ObjectSettings.OfFields(own, own.GetType(), typeof(Loss)));
    }

    [Fact]
    public void Module_OfLibtorch_ShowsItsProperties_AndAnOwnOneItsFields()
    {
        using var dropout = nn.Dropout(0.25);
        var settings = ObjectSettings.OfModule(dropout);
        Assert.Equal(("Dropout", 0.25), ((string?)settings["name"], (double)settings["p"]!));
        using var own = new OwnModule(3);
        var fields = ObjectSettings.OfModule(own);
        Assert.Equal(("OwnModule", 3), ((string?)fields["name"], (int)fields["size"]!));
    }

    private static void AssertJson(string expected, JsonObject settings) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), settings.ToJsonString());

    private enum Kind
    {
        First,
        Second = 2,
    }

    private sealed class Settable
    {
        public double Number { get; set; } = 1.5;

        public string Init { get; init; } = "text";

        public Kind Kind { get; set; } = Kind.Second;

        public TimeSpan Span { get; set; } = TimeSpan.FromSeconds(2);

        public string? Nothing { get; set; }

        public int ReadOnly => 3;

        public int Own { get; private set; } = 4;

        public nint Pointer { get; set; }

        public object Other { get; set; } = new();

        public int this[int index]
        {
            get => index;
            set => Own = value;
        }
    }

    private class Below
    {
        private readonly int _below = 9;

        public int Sum() => _below;
    }

    private class Middle : Below
    {
        private readonly double _ofBase = 2.5;

        public double Half() => _ofBase / 2;
    }

    private sealed class Derived(int taken) : Middle
    {
        private readonly int _kept = 1;
        private int _changes = 7;

        public string Made { get; } = "x";

        public int Taken() => taken + _kept + ++_changes;
    }

    private sealed class Adjustable
    {
        public int Changing { get; set; } = 1;

        public int Fixed { get; } = 2;
    }

    private sealed class Lists(int length)
    {
        public readonly int[] Array = [1, 2];

        public readonly List<string?> Texts = ["a", null];

        public readonly IReadOnlyList<int> Long = new int[length];

        public readonly decimal[] Decimals = [0.5m];

        public readonly object[] Objects = [new()];

        public readonly IEnumerable<int> Lazy = Enumerable.Range(0, 3).Where(i => i > 0);
    }

    private sealed class Parts
    {
        private readonly StudyShard _library = new(1, 2);
        private readonly object _foreign = new();

        public bool AreThere() => _library.Count > 0 && _foreign is not null;
    }

    private sealed class OwnModule(int size) : nn.Module<Tensor, Tensor>(nameof(OwnModule))
    {
        public override Tensor forward(Tensor input) => input * size;
    }
}
