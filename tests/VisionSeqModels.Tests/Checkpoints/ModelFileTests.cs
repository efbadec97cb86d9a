using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>A file of weights says which model it is of, and builds it again.</summary>
[Collection("Torch")]
public sealed class ModelFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Architectures => [.. ModelArchitecture.All.Select(architecture => architecture.Name)];

    private string Path => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Architectures))]
    public void AnyOptions_ComeBack_WithTheSameOutputsBitForBit(string architecture) =>
        RandomModels
            .Of(architecture)
            .Sample(
                create =>
                {
                    using var scope = NewDisposeScope();
                    using var model = create();
                    model.eval();
                    ModelFile.Save(model, Path);
                    using var state = get_rng_state();

                    using var loaded = ModelFile.Load(Path);

                    TensorAssert.Identical(state, get_rng_state(), "the random generator");
                    Assert.IsType(model.GetType(), loaded.Model);
                    Assert.False(loaded.Model.training);
                    Assert.Equal(architecture, loaded.Description.Architecture);
                    Assert.Equal(Json(((IConfiguredModel)model).Options), Json(((IConfiguredModel)loaded.Model).Options));
                    Assert.Equal(model.state_dict().Keys, loaded.Model.state_dict().Keys);
                    var input = RandomModels.Input(model);
                    using var noGradients = no_grad();
                    TensorAssert.Identical(model.call(input), loaded.Model.call(input), "outputs");
                },
                iter: 15,
                threads: 1
            );

    /// <summary>So no options can ask for more memory than the file's own weights have.</summary>
    [Theory]
    [MemberData(nameof(Architectures))]
    public void ShapesByArithmetic_AreThoseOfTheModel(string architecture) =>
        RandomModels
            .Of(architecture)
            .Sample(
                create =>
                {
                    using var model = create();
                    var plan = ModelArchitecture.Plan(Path, ModelDescription.Of(model));
                    var shapes = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.shape);
                    Assert.Equal(shapes.Keys.Order(StringComparer.Ordinal), plan.Names.Order(StringComparer.Ordinal));
                    plan.Check(Path, shapes);
                },
                iter: 15,
                threads: 1
            );

    [Fact]
    public void DataOfImages_IsInTheDescription()
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 8, TestCount = 8 });
        using var model = VisionModels.LeNet(LeNetOptions.For(data));

        ModelFile.Save(model, Path, data.Train);
        var description = ModelFile.Describe(Path);

        Assert.Equal("lenet", description.Architecture);
        Assert.Equal(data.ClassNames, description.ClassNames);
        Assert.Equal([data.Channels, data.Height, data.Width], description.ImageShape);
        Assert.Equal(data.Train.Normalization.Mean, description.Normalization!.Mean);
        Assert.Equal(data.Train.Normalization.StandardDeviation, description.Normalization.StandardDeviation);
        Assert.Equal(TorchRuntime.LibraryVersion, description.LibraryVersion);
        Assert.Null(description.Features);
    }

    [Fact]
    public void EveryPartOfADescription_ComesBack()
    {
        using var model = VisionModels.LeNet();
        var description = ModelDescription.Of(model) with
        {
            ClassNames = ["größe", "\"quoted\"", ""],
            ImageShape = [3, 32, 32],
            Normalization = ImageNormalization.Cifar10,
            Preparation = new ImagePreparation
            {
                Height = 32,
                Width = 32,
                Resize = ImageResize.Letterbox,
            },
            FeatureNames = ["x", "y"],
            Features = new FeatureNormalization { Mean = [0, 1e-300], StandardDeviation = [1, double.MaxValue] },
            Targets = new FeatureNormalization { Mean = [-0.5], StandardDeviation = [2] },
            LibraryVersion = "0.0.1",
        };

        ModelFile.Save(model, Path, description);

        Assert.Equal(Json(description), Json(ModelFile.Describe(Path)));
        using var loaded = ModelFile.Load(Path);
        Assert.Equal(Json(description), Json(loaded.Description));
    }

    [Fact]
    public void WeightsSavedAlone_BuildTheModelToo_AndOtherReadersSeeText()
    {
        using var model = SequenceModels.Gru(new RecurrentOptions { HiddenSize = 8 });
        model.SaveWeights(Path, new Dictionary<string, string> { ["note"] = "mine" });
        using var file = Safetensors.Read(Path);
        Assert.Equal("mine", file.Metadata["note"]);
        using var loaded = ModelFile.Load(Path);
        Assert.Equal(RecurrentCell.Gru, Assert.IsType<RecurrentClassifier>(loaded.Model).Cell);
    }

    [Fact]
    public void OwnModule_IsBuiltByTheCallersFunction()
    {
        using var model = TinyModel.Create(seed: 1);
        ModelFile.Save(model, Path, ModelDescription.Of(model) with { ClassNames = ["left", "right"] });

        string message = Assert.Throws<InvalidDataException>(() => ModelFile.Load(Path)).Message;
        Assert.Contains("a module of your own, custom:Sequential", message, StringComparison.Ordinal);
        using var loaded = ModelFile.Load(
            Path,
            description =>
            {
                Assert.Equal(["left", "right"], description.ClassNames);
                return TinyModel.Create(seed: 2);
            }
        );
        Assert.All(
            model.state_dict(),
            weight => TensorAssert.Identical(weight.Value, loaded.Model.state_dict()[weight.Key], weight.Key)
        );
    }

    [Fact]
    public void FunctionThatBuildsAnotherModel_IsRefused_AndItsModelDisposed()
    {
        using var model = TinyModel.Create();
        ModelFile.Save(model, Path);
        var other = nn.Sequential(("hidden", nn.Linear(3, 8)));
        Assert.Throws<WeightsMismatchException>(() => ModelFile.Load(Path, _ => other));
        Assert.All(other.parameters(), parameter => Assert.True(parameter.IsInvalid));
        Assert.Contains(
            "gave null",
            Assert.Throws<InvalidOperationException>(() => ModelFile.Load(Path, _ => null!)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void DescriptionOfAnotherModel_IsNotSaved()
    {
        using var lenet = VisionModels.LeNet();
        using var tanh = VisionModels.LeNet(new LeNetOptions { Activation = ActivationFunction.Tanh });
        using var rnn = SequenceModels.Rnn();
        Assert.Throws<ArgumentException>(() => ModelFile.Save(lenet, Path, ModelDescription.Of(rnn)));
        Assert.Throws<ArgumentException>(() => ModelFile.Save(lenet, Path, ModelDescription.Of(tanh)));
        Assert.Throws<InvalidOptionsException>(() =>
            ModelFile.Save(lenet, Path, ModelDescription.Of(lenet) with { ImageShape = [3, 32] })
        );
        Assert.False(File.Exists(Path));
    }

    /// <summary>best.safetensors of a run folder is enough; run.json says the same.</summary>
    [Fact]
    public void CheckpointsOfARun_BuildTheirModel_AndRunJsonHasTheNormalisation()
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 32, TestCount = 16 });
        using var model = VisionModels.LeNet(LeNetOptions.For(data) with { Seed = 1 });
        var options = new TrainerOptions
        {
            Epochs = 2,
            Seed = 1,
            RunDirectory = _folder["run"],
            DefaultCallbacks = false,
        };
        new Trainer(options)
        {
            Callbacks =
            {
                new RunRecorder(),
                new ModelCheckpoint(),
                new ExponentialMovingAverage(),
                new StochasticWeightAverage { StartEpoch = 1 },
            },
        }.Fit(model, data.Train, data.Test);

        foreach (string name in new[] { "last", "best", "ema", "swa" })
        {
            using var loaded = ModelFile.Load(_folder[$"run/checkpoints/{name}.safetensors"]);
            Assert.Equal(data.ClassNames, loaded.Description.ClassNames);
            Assert.Equal(data.Train.Normalization.Mean, loaded.Description.Normalization!.Mean);
            Assert.Equal([data.Channels, data.Height, data.Width], loaded.Description.ImageShape);
        }

        using (var last = ModelFile.Load(_folder["run/checkpoints/last.safetensors"]))
        {
            TensorAssert.Identical(
                model.state_dict()["conv1.weight"],
                last.Model.state_dict()["conv1.weight"],
                "the last weights"
            );
        }

        var run = JsonNode.Parse(File.ReadAllText(_folder["run/run.json"]))!;
        Assert.Equal("lenet", (string?)run["model"]!["architecture"]);
        Assert.Equal(
            Json(data.Train.Normalization),
            Json(run["data"]!["normalization"].Deserialize<ImageNormalization>(JsonFormat.Reading)!)
        );
        Assert.Throws<InvalidDataException>(() => ModelFile.Load(_folder["run/checkpoints/swa-deviation.safetensors"]));
    }

    /// <summary>Data that says nothing usable of itself does not stop a run.</summary>
    [Fact]
    public void DataWithAnUnusableDescription_IsLeftOut()
    {
        using var model = VisionModels.LeNet();
        var metadata = ModelMetadata.Of(model, new UnusualImages());
        var description = ModelDescriptionJson.Read(Path, metadata);
        Assert.Equal("lenet", description.Architecture);
        Assert.Null(description.Normalization);
    }

    private static string Json(object value) => JsonSerializer.Serialize(value, value.GetType(), JsonFormat.Compact);

    private sealed class UnusualImages : IImageSource
    {
        public string Name => "unusual";

        public long? SampleCount => 0;

        public int Count => 0;

        public int Channels => 3;

        public int Height => 32;

        public int Width => 32;

        public IReadOnlyList<string> ClassNames => [];

        public ImageNormalization? Normalization => ImageNormalization.Centered(1);

        public int GetLabel(long index) => throw new ArgumentOutOfRangeException(nameof(index));

        public Tensor GetPixels(long index) => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerable<Batch> Read(BatchRequest request) => [];
    }
}
