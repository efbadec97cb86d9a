using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>What a file takes and gives besides the model: pixels, features, probabilities, values, sizes, metadata.</summary>
[Collection("Torch")]
public sealed class OnnxEndsTests
{
    private static readonly FeatureNormalization Features = new() { Mean = [10, -3], StandardDeviation = [4, 0.5] };
    private static readonly FeatureNormalization Targets = new() { Mean = [100], StandardDeviation = [7] };

    [Fact]
    public void PixelsGoIn_AsTheDataHaveThem()
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 20, TestCount = 10 });
        using var model = VisionModels.LeNet(LeNetOptions.For(data) with { Seed = 1 });
        using var folder = new TempFolder();
        model.SaveOnnx(folder["model.onnx"], data, new OnnxOptions { Output = OnnxOutput.Probabilities });
        using var run = new OnnxRun(folder["model.onnx"]);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var batch = data.Test.Read(new BatchRequest { BatchSize = 7 }).First();
        var pixels = stack(Enumerable.Range(0, 7).Select(index => data.Test.GetPixels(index)));
        model.eval();
        OnnxAssert.Close(nn.functional.softmax(model.call(batch.Inputs), 1), run.Run(pixels), "probabilities");
        Assert.Equal(data.ClassNames, JsonSerializer.Deserialize<string[]>(run.Metadata["class_names"]));
        Assert.Equal(data.Test.Normalization!.Mean, JsonSerializer.Deserialize<double[]>(run.Metadata["mean"])!);
        Assert.Equal("pixels", run.Metadata["input"]);
        Assert.Equal(("probabilities", "classes"), (run.Metadata["output"], run.Metadata["targets"]));
        Assert.Equal("VisionSeqModels", run.Session.ModelMetadata.ProducerName);
        Assert.Equal(["probabilities"], run.Session.OutputNames);
    }

    [Theory]
    [InlineData(ImageSequence.Rows, 3 * 8)]
    [InlineData(ImageSequence.Patches, 3 * 16)]
    public void PixelsOfImagesThatAreCut_GoInToo(ImageSequence sequence, int features)
    {
        using var model = SequenceModels.Gru(
            new RecurrentOptions
            {
                InputSize = features,
                Sequence = sequence,
                HiddenSize = 8,
            }
        );
        var normalization = ImageNormalization.Cifar10;
        var (scale, offset) = normalization.Tensors(CPU);
        OnnxAssert.Same(
            model,
            batch => randint(0, 256, [batch, 3, 8, 8], dtype: ScalarType.Int64).to_type(ScalarType.Byte),
            new OnnxOptions { InputShape = [3, 8, 8], Normalization = normalization },
            pixels => model.call((pixels.to_type(ScalarType.Float32) * scale) + offset)
        );
    }

    [Fact]
    public void LabelsBecomeProbabilities_EachByItself()
    {
        using var model = VisionModels.LeNet(new LeNetOptions { Output = ModelOutput.Labels, ClassCount = 4 });
        OnnxAssert.Same(
            model,
            batch => randn(batch, 3, 32, 32),
            new OnnxOptions { Output = OnnxOutput.Probabilities },
            input => model.call(input).sigmoid()
        );
    }

    [Fact]
    public void MeasuredFeaturesGoIn_AndValuesComeOutInTheirUnits()
    {
        using var model = SequenceModels.Lstm(
            new RecurrentOptions
            {
                InputSize = 2,
                HiddenSize = 8,
                Output = ModelOutput.Values,
            }
        );
        var (mean, deviation) = (Row(Features.Mean), Row(Features.StandardDeviation));
        OnnxAssert.Same(
            model,
            batch => (randn(batch, 6, 2) * deviation) + mean,
            new OnnxOptions { Features = Features, Targets = Targets },
            input => (model.call((input - mean) / deviation) * 7) + 100
        );
    }

    [Fact]
    public void SequencesSay_HowTheirFeaturesBecameInputs()
    {
        using var model = SequenceModels.Gru(
            new RecurrentOptions
            {
                InputSize = 2,
                HiddenSize = 4,
                ClassCount = 2,
            }
        );
        using var folder = new TempFolder();
        model.SaveOnnx(folder["model.onnx"], new Measured());
        using var run = new OnnxRun(folder["model.onnx"]);
        Assert.Equal("features", run.Metadata["input"]);
        Assert.Equal("[10,-3]", run.Metadata["mean"]);
        Assert.Equal("[4,0.5]", run.Metadata["standard_deviation"]);
        Assert.Equal("""["up","down"]""", run.Metadata["class_names"]);
    }

    [Fact]
    public void MapsOfScores_BecomeProbabilitiesAtEachPixel()
    {
        using var model = nn.Sequential(("maps", nn.Conv2d(3, 4, 3)));
        OnnxAssert.Same(
            model,
            batch => randn(batch, 3, 6, 7),
            new OnnxOptions
            {
                InputShape = [3, 6, 7],
                Output = OnnxOutput.Probabilities,
                ClassNames = ["a", "b", "c", "d"],
            },
            input => model.call(input).softmax(1)
        );
    }

    [Fact]
    public void AModelThatGivesNoClasses_IsExportedWithItsImages()
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 10,
                TestCount = 10,
                Size = 16,
            }
        );
        using var model = nn.Sequential(("down", nn.Conv2d(3, 4, 2, 2)), ("up", nn.ConvTranspose2d(4, 3, 2, 2)));
        using var folder = new TempFolder();
        model.SaveOnnx(folder["model.onnx"], data);
        using var run = new OnnxRun(folder["model.onnx"]);
        Assert.False(run.Metadata.ContainsKey("class_names"));
        Assert.Equal("pixels", run.Metadata["input"]);
    }

    [Fact]
    public void ThePreparationOfPictures_IsInTheFile()
    {
        using var model = VisionModels.LeNet();
        using var folder = new TempFolder();
        var preparation = new ImagePreparation { Resize = ImageResize.Letterbox, Background = "#102030" };
        model.SaveOnnx(folder["model.onnx"], new OnnxOptions { Preparation = preparation });
        using var run = new OnnxRun(folder["model.onnx"]);
        Assert.Equal("letterbox", run.Metadata["resize"]);
        Assert.Equal("#102030", run.Metadata["background"]);
    }

    [Fact]
    public void BatchAndTime_AreNamedInTheFile()
    {
        using var model = SequenceModels.Rnn(new RecurrentOptions { Readout = SequenceReadout.EachStep });
        using var folder = new TempFolder();
        model.SaveOnnx(folder["model.onnx"], new OnnxOptions { Lengths = true });
        using var run = new OnnxRun(folder["model.onnx"]);
        Assert.Equal(["batch", "time", ""], Symbols(run.Session.InputMetadata["input"]));
        Assert.Equal(["batch"], Symbols(run.Session.InputMetadata["lengths"]));
        Assert.Equal(["batch", "time", ""], Symbols(run.Session.OutputMetadata["scores"]));
    }

    [Fact]
    public void FixedSizes_AreFixedInTheFile()
    {
        using var model = SequenceModels.Rnn(new RecurrentOptions());
        using var folder = new TempFolder();
        model.SaveOnnx(
            folder["model.onnx"],
            new OnnxOptions
            {
                DynamicBatch = false,
                DynamicTime = false,
                InputShape = [11, 28],
            }
        );
        using var run = new OnnxRun(folder["model.onnx"]);
        Assert.Equal([1, 11, 28], run.Session.InputMetadata["input"].Dimensions);
        Assert.Equal([1, 10], run.Session.OutputMetadata["scores"].Dimensions);
    }

    [Fact]
    public void TheFile_HoldsNothingThatTheOutputDoesNotNeed()
    {
        using var model = SequenceModels.Lstm(new RecurrentOptions { HiddenSize = 64, Readout = SequenceReadout.Mean });
        using var folder = new TempFolder();
        model.SaveOnnx(folder["model.onnx"]);
        long weights = model.parameters().Sum(parameter => parameter.numel() * sizeof(float));
        Assert.InRange(new FileInfo(folder["model.onnx"]).Length, weights, weights + 3000);
    }

    [Fact]
    public void TheModel_StaysAsItIs()
    {
        using var model = VisionModels.ResNet(new ResNetOptions { BlockCounts = [1], Widths = [4] });
        using var folder = new TempFolder();
        using var before = model.state_dict()["bn1.running_mean"].clone();
        using var random = get_rng_state();
        model.train();
        model.SaveOnnx(folder["model.onnx"]);
        using var after = get_rng_state();
        Assert.True(model.training);
        Assert.True(before.eq(model.state_dict()["bn1.running_mean"]).all().item<bool>());
        Assert.True(random.eq(after).all().item<bool>());
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NoTensor_StaysBehind(bool isRecurrent)
    {
        using nn.Module<Tensor, Tensor> model = isRecurrent
            ? SequenceModels.Lstm(new RecurrentOptions { LayerCount = 2, PaddingValue = 0 })
            : VisionModels.LeNet();
        using var folder = new TempFolder();
        var options = isRecurrent ? new OnnxOptions() : new OnnxOptions { Normalization = ImageNormalization.Cifar10 };
        model.SaveOnnx(folder["first.onnx"], options);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        model.SaveOnnx(folder["second.onnx"], options);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void TheSameModel_GivesTheSameFile()
    {
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        using var folder = new TempFolder();
        model.SaveOnnx(folder["one.onnx"]);
        model.SaveOnnx(folder["other.onnx"]);
        Assert.Equal(File.ReadAllBytes(folder["one.onnx"]), File.ReadAllBytes(folder["other.onnx"]));
    }

    private static Tensor Row(IReadOnlyList<double> values) => tensor(values.ToArray()).to_type(ScalarType.Float32);

    private static string[] Symbols(NodeMetadata value) => value.SymbolicDimensions;

    /// <summary>Sequences of which only what they say is asked.</summary>
    private sealed class Measured : ISequenceSource
    {
        public string Name => "measured";

        public long? SampleCount => 0;

        public IReadOnlyList<string> FeatureNames => ["height", "depth"];

        public IReadOnlyList<string> ClassNames => ["up", "down"];

        public FeatureNormalization Normalization => Features;

        public FeatureNormalization? TargetNormalization => null;

        public IEnumerable<Batch> Read(BatchRequest request) => [];
    }
}
