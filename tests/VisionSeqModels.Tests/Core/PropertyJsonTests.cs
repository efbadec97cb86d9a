using System.Collections;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Core;

/// <summary>A user's own options reach run.json in every host, whatever they are.</summary>
[Collection("Torch")]
public sealed class PropertyJsonTests
{
    private enum Shade
    {
        None,
        DarkBlue,
    }

    public static TheoryData<string> Awkward => [.. AwkwardOptions.Keys];

    private static Dictionary<string, Func<object>> AwkwardOptions { get; } =
        new()
        {
            ["a property that throws"] = () => new Throwing(),
            ["a function"] = () => new { Activation = (Func<double, double>)Math.Tanh, Width = 3 },
            ["a type and a pointer"] = () => new { Cell = typeof(string), Handle = (nint)5 },
            ["a tensor"] = () => new { Weights = ones(3) },
            ["itself"] = () => new Cycle(),
            ["an endless chain"] = () => new Endless(0),
            ["a list that throws"] = () => new { Items = new ThrowingList() },
            ["a text"] = () => "wide",
            ["a number"] = () => 3,
            ["a list"] = () => new[] { 1, 2 },
            ["a dictionary with numbers as keys"] = () => new Dictionary<int, object?> { [1] = null, [2] = new Cycle() },
        };

    [Fact]
    public void OwnOptions_AreWrittenAsTheSerializerDoes()
    {
        var mine = new Mine(3, Shade.DarkBlue, null, [0.5, double.NaN], new() { ["Alpha"] = 1, ["b c"] = 2 }, new Inner(true));

        Assert.Equal(
            System.Text.Json.JsonSerializer.Serialize(mine, JsonContextTests.ByReflection),
            PropertyJson.Of(mine).ToJsonString(JsonFormat.Indented)
        );
    }

    [Fact]
    public void WhatThrows_IsLeftOut_AndAListThatThrowsIsItsType()
    {
        Assert.Equal("""{"width":3}""", PropertyJson.Of(new Throwing()).ToJsonString());
        Assert.Equal(typeof(ThrowingList).ToString(), (string?)PropertyJson.Of(new ThrowingList()));
        Assert.Equal(
            """{"1":null,"2":3}""",
            PropertyJson.Of(new Dictionary<int, object?> { [1] = null, [2] = 3 }).ToJsonString()
        );
    }

    /// <summary>As where Native AOT has kept no property of a user's record.</summary>
    [Fact]
    public void AnObjectWithoutAVisibleProperty_IsWhatItSaysOfItself() =>
        Assert.Equal("""{"text":"3 by 4"}""", PropertyJson.Of(new Hidden()).ToJsonString());

    [Theory]
    [MemberData(nameof(Awkward))]
    public void OptionsThatTheSerializerCannotWrite_NeverEndARun(string name)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        using var model = new OwnModel(AwkwardOptions[name]());

        var history = new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                Seed = 1,
                Device = "cpu",
                RunDirectory = folder["run"],
            }
        ).Fit(model, data);

        var run = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["run"], "run.json")))!;
        Assert.IsType<JsonObject>(run["model"]!["options"]);
        Assert.Single(history.Epochs);
        Assert.Empty(history.Warnings);
    }

    [Fact]
    public void AnOwnOptimizerWithAFunction_Trains_AndResumes()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = 1,
            Seed = 1,
            Device = "cpu",
            RunDirectory = folder["run"],
            Optimizer = new OwnOptimizer { Warmth = step => step / 2 },
        };
        new Trainer(options).Fit(model, data);

        var history = new Trainer(options with { Epochs = 2 }).Resume(folder["run"], model, data);

        Assert.Equal(2, history.Epochs.Count);
        Assert.DoesNotContain(history.Resumes[^1].Changes, change => change.Contains("optimizer", StringComparison.Ordinal));
    }

    private sealed record Mine(
        int Width,
        Shade Shade,
        double? Rate,
        IReadOnlyList<double> Items,
        Dictionary<string, int> Map,
        Inner Inner
    ) : Base
    {
        [JsonPropertyName("other name")]
        public string Named { get; init; } = "ä";

        [JsonIgnore]
        public string Secret => throw new UnreachableException();

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public long Zero { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public Shade NoShade { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Nothing { get; init; }

        [JsonPropertyOrder(-1)]
        public bool First { get; init; } = true;
    }

    private abstract record Base
    {
        public float OfBase { get; init; } = 0.1f;

        public DateOnly Day { get; init; } = new(2026, 11, 26);
    }

    private sealed record Inner(bool IsDeep);

    private sealed class Hidden
    {
        public override string ToString() => "3 by 4";
    }

    private sealed class Throwing
    {
        public int Width => 3;

        public int Height => throw new InvalidOperationException("not yet");
    }

    private sealed class Cycle
    {
        public Cycle Self => this;
    }

    private sealed record Endless(int Number)
    {
        public Endless Next => new(Number + 1);
    }

    private sealed class ThrowingList : IEnumerable<int>
    {
        public IEnumerator<int> GetEnumerator() => throw new InvalidOperationException("no items");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed record OwnOptimizer : OptimizerOptions
    {
        public override double LearningRate { get; init; } = 0.1;

        public Func<double, double>? Warmth { get; init; }

        protected override optim.Optimizer Create(IReadOnlyList<TorchSharp.Modules.Parameter> parameters) =>
            optim.SGD(parameters, LearningRate);
    }

    private sealed class OwnModel : nn.Module<Tensor, Tensor>, IConfiguredModel
    {
        private readonly nn.Module<Tensor, Tensor> _layer = nn.Linear(2, 2);

        public OwnModel(object options)
            : base(nameof(OwnModel))
        {
            Options = options;
            RegisterComponents();
        }

        public object Options { get; }

        public override Tensor forward(Tensor input) => _layer.call(input);
    }
}
