using System.Text.Json.Nodes;
using VisionSeqModels.Data;
using VisionSeqModels.Studies;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What is written down of a trial as it is built.</summary>
[Collection("Torch")]
public sealed class BuiltTrialSetupTests : IDisposable
{
    private readonly TinyData _data = new(6);
    private readonly TinyData _test = new(4);
    private readonly nn.Module<Tensor, Tensor> _model = TinyModel.Create(dropout: 0.25);

    public void Dispose()
    {
        _model.Dispose();
        _test.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void Setup_NamesTrialModelAndData()
    {
        var setup = Of(
            new FitData
            {
                Train = _data,
                Validation = _test,
                Test = _test,
            }
        );
        Assert.Equal(
            ["library", "trial", "trainer", "loss", "metrics", "model", "modules", "weights", "callbacks", "data"],
            setup.Select(entry => entry.Key)
        );
        Assert.Equal(TorchRuntime.Describe().VisionSeqModels, (string?)setup["library"]);
        Assert.Equal("""{"setting":"a","factors":{"rate":"0.1"},"fold":2}""", setup["trial"]!.ToJsonString());
        Assert.Equal($$"""{"name":"{{_model.GetName()}}","parameters":42,"options":null}""", setup["model"]!.ToJsonString());
        Assert.Equal(
            """
            {"source":"tiny","train_samples":6,"validation_samples":4,"test_source":"tiny","test_samples":4,
            "image_shape":null,"class_names":null}
            """.ReplaceLineEndings(""),
            setup["data"]!.ToJsonString()
        );
    }

    [Fact]
    public void ModulesAndWeights_AreThereByTheirNames()
    {
        foreach (var (name, parameter) in _model.named_parameters())
        {
            parameter.requires_grad = name.StartsWith("out", StringComparison.Ordinal);
        }

        var setup = Of(new FitData { Train = _data });
        var modules = setup["modules"]!.AsObject();
        Assert.Equal(["model", "hidden", "tanh", "dropout", "out"], modules.Select(entry => entry.Key));
        Assert.Equal(
            ["Sequential", "Linear", "Tanh", "Dropout", "Linear"],
            modules.Select(entry => (string?)entry.Value!["name"])
        );
        Assert.Equal(0.25, (double?)modules["dropout"]!["p"]);
        Assert.Equal(
            """
            {"hidden.weight":"Float32 [8, 2] frozen","hidden.bias":"Float32 [8] frozen",
            "out.weight":"Float32 [2, 8]","out.bias":"Float32 [2]"}
            """.ReplaceLineEndings(""),
            setup["weights"]!.ToJsonString()
        );
    }

    [Fact]
    public void ImagesAndSequences_HaveTheirClasses_AndImagesTheirShape()
    {
        using var images = new ImageDataset(
            "images",
            zeros(2, 3, 4, 5, dtype: ScalarType.Byte),
            zeros(2, dtype: ScalarType.Int64),
            ["cat", "dog"]
        );
        var own = new OwnImages(images);
        Assert.Equal(("[3,4,5]", """["cat","dog"]"""), ShapeAndClasses(own));
        Assert.Equal(("[3,4,5]", """["cat","dog"]"""), ShapeAndClasses(new Rows(own)));
        var sequences = TinySequences.Create(4);
        Assert.Equal(
            ("null", $"[{string.Join(',', sequences.ClassNames!.Select(name => $"\"{name}\""))}]"),
            ShapeAndClasses(sequences)
        );
    }

    [Fact]
    public void Callbacks_AreThoseThatChangeTraining()
    {
        Callback[] callbacks =
        [
            new Plain(CallbackStage.Observe, isFinal: false),
            new Saving(CallbackStage.Observe),
            new Deciding(),
            new Final(),
            new Plain(CallbackStage.Persist, isFinal: true),
            new Saving(CallbackStage.Report),
            new CsvLogger(),
            new ModelCheckpoint(),
            new EarlyStopping(),
        ];
        Assert.Equal(
            ["Saving", "Deciding", "Final", "EarlyStopping"],
            Of(new FitData { Train = _data }, callbacks)["callbacks"]!.AsArray().Select(one => (string?)one!["name"])
        );
    }

    private (string Shape, string Classes) ShapeAndClasses(IBatchSource train)
    {
        var data = Of(new FitData { Train = train })["data"]!;
        return (data["image_shape"]?.ToJsonString() ?? "null", data["class_names"]?.ToJsonString() ?? "null");
    }

    private JsonObject Of(FitData data, params Callback[] callbacks)
    {
        var options = new TrainerOptions { Epochs = 1 };
        var entry = new StudyFile.Entry("a", MadeUpTrials.Factors(("rate", "0.1")), 1, "001", Fold: 2);
        return TrialSetup.Of(
            entry,
            new StudyTrial
            {
                Model = _model,
                Options = options,
                Callbacks = callbacks,
            },
            options,
            data
        );
    }

    private class Plain(CallbackStage stage, bool isFinal) : Callback
    {
        public override CallbackStage Stage => stage;

        protected internal override bool SetsFinalWeights => isFinal;
    }

    private sealed class Deciding() : Plain(CallbackStage.Decide, isFinal: false);

    private sealed class Final() : Plain(CallbackStage.Observe, isFinal: true);

    private sealed class Saving(CallbackStage stage) : Plain(stage, isFinal: false), IStatefulCallback
    {
        public string StateKey => nameof(Saving);

        public void SaveState(CallbackState state) { }

        public void LoadState(CallbackState state) { }
    }

    /// <summary>Images that are read as sequences of rows.</summary>
    private sealed class Rows(IImageSource images) : IImageSource, ISequenceSource
    {
        public string Name => "rows";

        public long? SampleCount => images.Count;

        public int Count => images.Count;

        public int Channels => images.Channels;

        public int Height => images.Height;

        public int Width => images.Width;

        public IReadOnlyList<string> ClassNames => images.ClassNames;

        public ImageNormalization? Normalization => null;

        public IReadOnlyList<string> FeatureNames => ["column"];

        public FeatureNormalization? TargetNormalization => null;

        IReadOnlyList<string>? ISequenceSource.ClassNames => ["row"];

        FeatureNormalization? ISequenceSource.Normalization => null;

        public Tensor GetPixels(long index) => images.GetPixels(index);

        public int GetLabel(long index) => images.GetLabel(index);

        public IEnumerable<Batch> Read(BatchRequest request) => [];
    }
}
