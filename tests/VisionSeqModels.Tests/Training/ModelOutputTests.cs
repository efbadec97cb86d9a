using System.Text.Json.Nodes;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>Models of classes, of values and of independent labels: each trains with the loss and the metrics that fit it, and
/// all that a run leaves behind works where there is no accuracy.</summary>
[Collection("Torch")]
public sealed class ModelOutputTests
{
    private const int Side = 16;
    private const int Outputs = 3;

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 8,
        Seed = 1,
        Device = "cpu",
    };

    public static TheoryData<string, ModelOutput> Cases
    {
        get
        {
            var cases = new TheoryData<string, ModelOutput>();
            foreach (string model in (string[])["lenet", "mlp", "resnet", "rnn", "lstm", "gru"])
            {
                foreach (var output in Enum.GetValues<ModelOutput>())
                {
                    cases.Add(model, output);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_WithDefaults_TakesLossAndMetricsThatFit_AndFillsTheRunFolder(string name, ModelOutput output)
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        using var model = Build(name, output);
        var data = Data(output);
        using var progress = new StringWriter();
        var trainer = new Trainer(Options with { RunDirectory = folder["run"] })
        {
            Callbacks =
            {
                new EarlyStopping { Patience = 5 },
                new ProgressReporter(progress),
            },
        };
        var history = trainer.Fit(model, data, data);

        Assert.Equal((StopReason.Completed, 2), (history.StopReason, history.Epochs.Count));
        Assert.Empty(history.Warnings);
        var (loss, metrics) = Expected(output);
        var json = JsonNode.Parse(File.ReadAllText(folder["run/run.json"]))!;
        Assert.Equal(loss, json["trainer"]!["loss"]!.GetValue<string>());
        Assert.Equal(metrics, json["trainer"]!["metrics"]!.AsArray().Select(metric => metric!.GetValue<string>()));
        Assert.Equal(output.ToString().ToLowerInvariant(), json["model"]!["options"]!["output"]!.GetValue<string>());
        foreach (string metric in metrics.Prepend("loss").Select(metric => "test_" + metric))
        {
            bool lower = metric.Contains("error", StringComparison.Ordinal) || metric == "test_loss";
            double best = lower ? history[metric].Min() : history[metric].Max();
            Assert.Equal(best, json["best"]![metric]!["value"]!.GetValue<double>());
            Assert.Contains(metric, progress.ToString(), StringComparison.Ordinal);
            Assert.Contains(metric, File.ReadLines(folder["run/metrics.csv"]).First(), StringComparison.Ordinal);
        }

        Assert.All(
            new[] { "curves.png", "checkpoints/best.safetensors" },
            file => Assert.True(File.Exists(folder[$"run/{file}"]), file)
        );
        Assert.Equal(metrics.Prepend("loss"), trainer.Evaluate(model, data).Metrics.Keys);
        Assert.Equal([16, Outputs], trainer.Predict(model, data).shape);
        Assert.True(trainer.OverfitOneBatch(model, data, steps: 3).Losses.All(double.IsFinite));
    }

    [Fact]
    public void Loss_ThatIsSet_IsKept_AndItsMetricsFollowIt()
    {
        using var scope = NewDisposeScope();
        using var model = Build("mlp", ModelOutput.Values);
        var data = Data(ModelOutput.Values);
        var result = new Trainer(Options with { Loss = Losses.L1() }).Evaluate(model, data);
        Assert.Equal(["loss", "mean_absolute_error"], result.Metrics.Keys);
        Assert.Equal(result.Loss, result["mean_absolute_error"], 1e-6);
        result = new Trainer(Options with { Metrics = [new R2Score()] }).Evaluate(model, data);
        Assert.Equal(["loss", new R2Score().Name], result.Metrics.Keys);
        Assert.Throws<KeyNotFoundException>(() => result.Accuracy);
    }

    [Fact]
    public void Run_OfValues_IsResumedToTheBit()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        var data = Data(ModelOutput.Values);
        using var whole = Build("lstm", ModelOutput.Values);
        new Trainer(Options).Fit(whole, data, data);
        using var model = Build("lstm", ModelOutput.Values);
        new Trainer(Options with { Epochs = 1, RunDirectory = folder["run"], DefaultCallbacks = false }).Fit(model, data, data);
        new Trainer(Options with { DefaultCallbacks = false }).Resume(folder["run"], model, data, data);
        foreach (var (expected, actual) in whole.parameters().Zip(model.parameters()))
        {
            TensorAssert.Identical(expected, actual, "weight");
        }
    }

    [Theory]
    [InlineData(ModelOutput.Values, "test_root_mean_squared_error")]
    [InlineData(ModelOutput.Labels, "test_binary_accuracy")]
    public void Model_LearnsItsTargets_AndTheBestEpochIsFoundByAMetricOfItsOwn(ModelOutput output, string monitor)
    {
        using var scope = NewDisposeScope();
        var inputs = randn([256, 4], generator: new Generator(1));
        var exact = inputs.matmul(randn([4, Outputs], generator: new Generator(2)));
        var targets = output == ModelOutput.Values ? exact : exact.gt(0).to_type(ScalarType.Float32);
        using var model = VisionModels.Mlp(
            new MlpOptions
            {
                InputShape = [4],
                HiddenSizes = [32],
                Output = output,
                ClassCount = Outputs,
                ValueCount = output == ModelOutput.Values ? Outputs : 1,
                Seed = 1,
            }
        );
        var data = BatchSource.From("lines", [.. Enumerable.Range(0, 8).Select(i => Part(inputs, targets, i))]);
        var stopping = new EarlyStopping { Monitor = monitor, Patience = 100 };
        var trainer = new Trainer(
            Options with
            {
                Epochs = 30,
                Optimizer = new AdamOptions { LearningRate = 0.01 },
            }
        )
        {
            Callbacks = { stopping },
        };
        var history = trainer.Fit(model, data, data);
        bool lower = output == ModelOutput.Values;
        Assert.Equal(lower ? history[monitor].Min() : history[monitor].Max(), trainer.Evaluate(model, data)[monitor[5..]], 1e-6);
        Assert.True(
            lower ? history[monitor][^1] < 0.3 * history[monitor][0] : history[monitor][^1] > 0.95,
            $"{monitor}: {history[monitor][0]} to {history[monitor][^1]}"
        );
    }

    [Theory]
    [InlineData(ModelOutput.Values)]
    [InlineData(ModelOutput.Labels)]
    public void ViewsOfClasses_RefuseOtherOutputs_InOneSentence(ModelOutput output)
    {
        using var scope = NewDisposeScope();
        using var model = Build("lenet", output);
        using var recurrent = (VisionSeqModels.Models.RecurrentClassifier)Build("gru", output);
        var data = BatchSource.From("images", [new Batch(zeros(4, 1, Side, Side), zeros(4, dtype: ScalarType.Int64))]);
        var image = rand(1, 1, Side, Side);
        var maps = Attribution.Saliency(model, image, new() { Targets = [Outputs - 1] }); // an output, not a class
        Assert.Equal(model.call(image)[0, Outputs - 1].ToDouble(), maps[0].Score, 1e-5);
        Assert.Throws<ArgumentException>(() => Attribution.Saliency(model, image, new() { Targets = [Outputs] }));
        Assert.All(
            new Action[]
            {
                () => ConfusionMatrix.Measure(model, data),
                () => ConfidentErrors.Measure(model, data),
                () => InvarianceCurves.Measure(model, data),
                () => OcclusionSensitivity.Measure(model, image),
                () => InsertionDeletion.Measure(model, image, maps),
                () => PrefixAccuracy.Measure(recurrent, data),
                () => GradientFlow.Measure(recurrent, data),
            },
            view =>
                Assert.Contains(
                    "one class for each sample, but the Output of",
                    Assert.Throws<ArgumentException>(view).Message,
                    StringComparison.Ordinal
                )
        );
    }

    private static Batch Part(Tensor inputs, Tensor targets, int index) =>
        new(inputs.narrow(0, index * 32, 32), targets.narrow(0, index * 32, 32));

    private static (string Loss, string[] Metrics) Expected(ModelOutput output) =>
        output switch
        {
            ModelOutput.Classes => ("cross_entropy", ["accuracy"]),
            ModelOutput.Values => ("mean_squared_error", ["mean_absolute_error", "root_mean_squared_error"]),
            _ => ("binary_cross_entropy_with_logits", ["binary_accuracy", new MultiLabelAccuracy().Name]),
        };

    private static IBatchSource Data(ModelOutput output)
    {
        var images = randn([16, 1, Side, Side], generator: new Generator(1));
        var targets = output switch
        {
            ModelOutput.Classes => arange(16, dtype: ScalarType.Int64).remainder(Outputs),
            ModelOutput.Values => images.flatten(1).narrow(1, 0, Outputs),
            _ => images.flatten(1).narrow(1, 0, Outputs).gt(0).to_type(ScalarType.Int64),
        };
        return BatchSource.From("numbers", [new Batch(images[..8], targets[..8]), new Batch(images[8..], targets[8..])]);
    }

    private static nn.Module<Tensor, Tensor> Build(string name, ModelOutput output)
    {
        int values = output == ModelOutput.Values ? Outputs : 1;
        return name switch
        {
            "lenet" => VisionModels.LeNet(
                new LeNetOptions
                {
                    InputChannels = 1,
                    ImageHeight = Side,
                    ImageWidth = Side,
                    Fc1Size = 8,
                    Fc2Size = 8,
                    Output = output,
                    ClassCount = Outputs,
                    ValueCount = values,
                    Seed = 1,
                }
            ),
            "mlp" => VisionModels.Mlp(
                new MlpOptions
                {
                    InputShape = [1, Side, Side],
                    HiddenSizes = [8],
                    Output = output,
                    ClassCount = Outputs,
                    ValueCount = values,
                    Seed = 1,
                }
            ),
            "resnet" => VisionModels.ResNet(
                new ResNetOptions
                {
                    InputChannels = 1,
                    BlockCounts = [1, 1],
                    Widths = [4, 8],
                    Output = output,
                    ClassCount = Outputs,
                    ValueCount = values,
                    Seed = 1,
                }
            ),
            _ => SequenceModels.Build(
                Enum.Parse<VisionSeqModels.Models.RecurrentCell>(name, ignoreCase: true),
                new RecurrentOptions
                {
                    InputSize = Side,
                    HiddenSize = 8,
                    Output = output,
                    ClassCount = Outputs,
                    ValueCount = values,
                    Seed = 1,
                }
            ),
        };
    }
}
