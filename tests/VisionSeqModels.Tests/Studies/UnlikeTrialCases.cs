using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a study's function may build otherwise the next time, and what is then said.</summary>
internal static class UnlikeTrialCases
{
    public static TrainerOptions Options { get; } =
        new()
        {
            Epochs = 2,
            BatchSize = 16,
            Device = "cpu",
            Optimizer = new SgdOptions { LearningRate = 0.01 },
        };

    public static Dictionary<string, (Func<TrainerOptions, TrainerOptions> Change, string Text)> OptionChanges { get; } =
        new()
        {
            ["epochs"] = (options => options with { Epochs = 3 }, "epochs was 2 and is 3"),
            ["batch size"] = (options => options with { BatchSize = 8 }, "batch_size was 16 and is 8"),
            ["evaluation batch"] = (o => o with { EvaluationBatchSize = 8 }, "evaluation_batch_size was 256 and is 8"),
            ["accumulation"] = (o => o with { GradientAccumulationSteps = 2 }, "gradient_accumulation_steps was 1 and is 2"),
            ["learning rate"] = (
                options => options with { Optimizer = new SgdOptions { LearningRate = 0.02 } },
                "optimizer learning_rate was 0.01 and is 0.02"
            ),
            ["optimizer"] = (
                options => options with { Optimizer = new AdamOptions() },
                "optimizer name was \"SGD\" and is \"Adam\""
            ),
            ["parameter groups"] = (
                options =>
                    options with
                    {
                        Optimizer = new SgdOptions
                        {
                            LearningRate = 0.01,
                            ParameterGroups = [new ParameterGroup { Parameters = "out" }],
                        },
                    },
                "optimizer parameter_groups was "
            ),
            ["schedule"] = (
                options => options with { Schedule = new CosineSchedule() },
                "schedule name was \"ConstantSchedule\""
            ),
            ["warm-up"] = (
                o => o with { Schedule = new ConstantSchedule { WarmupSteps = 3 } },
                "schedule warmup_steps was 0 and is 3"
            ),
            ["clip norm"] = (options => options with { ClipGradientNorm = 1 }, "clip_gradient_norm was none and is 1"),
            ["clip value"] = (options => options with { ClipGradientValue = 1 }, "clip_gradient_value was none and is 1"),
            ["loss"] = (options => options with { Loss = Losses.Focal() }, "loss was \"cross_entropy\" and is \"focal\""),
            ["loss setting"] = (o => o with { Loss = Losses.CrossEntropy(0.1) }, "loss labelSmoothing was 0 and is 0.1"),
            ["class weights"] = (
                options => options with { Loss = Losses.CrossEntropy(classWeights: [1, 2]) },
                "loss classWeights was none and is [1, 2]"
            ),
            ["metrics"] = (
                options => options with { Metrics = [new Accuracy(), new F1Score(2)] },
                "metrics was [\"accuracy\"] and is "
            ),
            ["metric setting"] = (
                o => o with { Metrics = [new Accuracy(ignoreIndex: 1)] },
                "metrics Accuracy ignoreIndex was none and is 1"
            ),
            ["shuffle"] = (options => options with { Shuffle = false }, "shuffle was true and is false"),
            ["drop last"] = (options => options with { DropLast = true }, "drop_last was false and is true"),
            ["device"] = (options => options with { Device = "auto" }, "device was \"cpu\" and is \"auto\""),
            ["evaluate every"] = (options => options with { EvaluateEveryEpochs = 2 }, "evaluate_every was 1 and is 2"),
            ["validation split"] = (o => o with { ValidationSplit = 0.2 }, "validation_split was 0 and is 0.2"),
            ["loss options"] = (o => o with { Loss = Losses.CrossEntropy(labelSmoothing: 0.2) }, "loss_options"),
            ["sampling"] = (o => o with { Sampling = new BalancedSampling() }, "sampling was "),
            ["freezing"] = (o => o with { Freezing = [new Freeze("hidden")] }, "freezing was "),
            ["augmentations"] = (o => o with { Augmentations = [new RandomHorizontalFlip()] }, "augmentations was [] and is "),
        };

    public static Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Make, string Text)> ModelChanges { get; } =
        new()
        {
            ["own model's dropout"] = (() => TinyModel.Create(dropout: 0.5), "modules dropout p was 0 and is 0.5"),
            ["own model's layer"] = (
                () => nn.Sequential(("hidden", nn.Linear(2, 8)), ("relu", nn.ReLU()), ("out", nn.Linear(8, 2))),
                "modules tanh was Tanh and is none"
            ),
            ["own model's size"] = (
                () =>
                    nn.Sequential(
                        ("hidden", nn.Linear(2, 9)),
                        ("tanh", nn.Tanh()),
                        ("dropout", nn.Dropout(0)),
                        ("out", nn.Linear(9, 2))
                    ),
                "model parameters was 42 and is 47"
            ),
            ["own model"] = (() => new OwnModel(0.3), "model name was \"torch::nn::SequentialImpl\" and is \"OwnModel\""),
            ["frozen weights"] = (Frozen, "weights hidden.bias was \"Float32 [8]\" and is \"Float32 [8] frozen\""),
            ["dtype"] = (() => TinyModel.Create().to(ScalarType.Float64), "weights hidden.weight was \"Float32 [8, 2]\""),
        };

    public static IReadOnlyList<(string Name, object Before, object Now)> SettingPairs =>
        [
            ("cross-entropy ignore", Losses.CrossEntropy(), Losses.CrossEntropy(ignoreIndex: 3)),
            ("binary", Losses.BinaryCrossEntropyWithLogits(1), Losses.BinaryCrossEntropyWithLogits(2)),
            ("binary per label", Losses.BinaryCrossEntropyWithLogits([1, 2]), Losses.BinaryCrossEntropyWithLogits([1, 3])),
            ("focal", Losses.Focal(2), Losses.Focal(1)),
            ("focal weights", Losses.Focal(2, [1, 1]), Losses.Focal(2, [1, 2])),
            ("binary focal gamma", Losses.BinaryFocal(2), Losses.BinaryFocal(1)),
            ("binary focal alpha", Losses.BinaryFocal(2), Losses.BinaryFocal(2, null)),
            ("smooth L1", Losses.SmoothL1(1), Losses.SmoothL1(2)),
            ("Huber", Losses.Huber(1), Losses.Huber(2)),
            ("accuracy", new Accuracy(), new Accuracy(1)),
            ("top k", new TopKAccuracy(1), new TopKAccuracy(2)),
            ("binary accuracy", new BinaryAccuracy(), new BinaryAccuracy(0.5)),
            ("multi-label accuracy", new MultiLabelAccuracy(), new MultiLabelAccuracy(0.5)),
            ("calibration", new CalibrationError(15), new CalibrationError(10)),
            ("calibration of probabilities", new CalibrationError(15), new CalibrationError(15, true)),
            ("precision", new Precision(3), new Precision(3, Averaging.Micro)),
            ("recall", new Recall(3), new Recall(4)),
            ("F1", new F1Score(3), new F1Score(3, ignoreIndex: 2)),
            ("F1 of a class", F1Score.PerClass(3)[0], F1Score.PerClass(3)[1]),
        ];

    private static nn.Module<Tensor, Tensor> Frozen()
    {
        var model = TinyModel.Create();
        model.named_parameters().First(entry => entry.name == "hidden.bias").parameter.requires_grad = false;
        return model;
    }

    internal sealed class OwnModel : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _out = nn.Linear(2, 2);
        private readonly double _scale;

        public OwnModel(double scale)
            : base("OwnModel")
        {
            _scale = scale;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _out.call(input * _scale);
    }
}
