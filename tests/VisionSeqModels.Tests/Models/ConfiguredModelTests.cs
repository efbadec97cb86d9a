using System.Text;
using System.Text.Json.Nodes;
using TorchSharp.Modules;
using VisionSeqModels.Studies;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Models;

/// <summary>The options of a user's own model reach everything that the options of a built-in one reach.</summary>
[Collection("Torch")]
public sealed class ConfiguredModelTests
{
    [Fact]
    public void Options_OfAModelOfOnesOwn_AreInRunJsonAndAmongTheHyperparameters()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        using var model = new OwnModel(new OwnOptions { HiddenSize = 7, Kind = OwnKind.VeryDeep });

        new Trainer(new TrainerOptions { Epochs = 1, RunDirectory = folder["run"] }).Fit(model, data, data);

        var options = JsonNode.Parse(File.ReadAllText(folder["run/run.json"]))!["model"]!["options"]!;
        Assert.Equal("""{"hidden_size":7,"drop":0.25,"gated":true,"kind":"very_deep","sizes":[3,4]}""", options.ToJsonString());
        string events = Encoding.Latin1.GetString(
            File.ReadAllBytes(Directory.GetFiles(folder["run"], "events.out.tfevents*").Single())
        );
        Assert.All(
            new[] { "model_hidden_size", "model_drop", "model_gated", "model_kind", "very_deep", "model_sizes", "[3,4]" },
            name => Assert.Contains(name, events, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Options_OfAModelOfOnesOwn_AreInAStudysReport()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        StudyTrial Trial(OwnOptions setting, long seed) =>
            new()
            {
                Model = new OwnModel(setting),
                Options = new TrainerOptions { Epochs = 1 },
            };

        var plan = StudyPlan.List(
            ("narrow", new OwnOptions { Kind = OwnKind.VeryDeep }),
            ("wide", new OwnOptions { HiddenSize = 977, Kind = OwnKind.VeryDeep })
        );
        Study.Run(folder["study"], plan, Trial, new FitData { Train = data, Test = data }).WriteReport();

        string report = File.ReadAllText(folder["study/report.html"]);
        Assert.Contains("977", report, StringComparison.Ordinal);
        Assert.Contains("kind very_deep", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_TakesTheInputShapeOfAModelThatHasOne_AndAsksWhereItHasNone()
    {
        using var model = new OwnModel(new OwnOptions());
        Assert.Equal([1, 2], model.Summary().InputShape);
        using var open = new OwnModel(new OwnOptions { HiddenSize = OwnModel.WithoutShape });
        Assert.Throws<ArgumentException>(() => open.Summary());
    }

    private enum OwnKind
    {
        Shallow,
        VeryDeep,
    }

    private sealed record OwnOptions
    {
        public int HiddenSize { get; init; } = 5;

        public double Drop { get; init; } = 0.25;

        public bool Gated { get; init; } = true;

        public OwnKind Kind { get; init; }

        public IReadOnlyList<int> Sizes { get; init; } = [3, 4];
    }

    private sealed class OwnModel : nn.Module<Tensor, Tensor>, IConfiguredModel
    {
        public const int WithoutShape = 1;
        private readonly Linear hidden;
        private readonly Linear fc;
        private readonly OwnOptions _options;

        public OwnModel(OwnOptions options)
            : base(nameof(OwnModel))
        {
            _options = options;
            hidden = nn.Linear(2, options.HiddenSize);
            fc = nn.Linear(options.HiddenSize, 2);
            RegisterComponents();
        }

        public object Options => _options;

        public IReadOnlyList<long>? InputShape => _options.HiddenSize == WithoutShape ? null : [1, 2];

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return fc.call(hidden.call(input).tanh()).MoveToOuterDisposeScope();
        }
    }
}
