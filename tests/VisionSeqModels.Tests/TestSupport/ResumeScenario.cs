using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VisionSeqModels.Models;
using VisionSeqModels.Runs;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>A small training run out of the matrix model × optimizer × feature, and the sum of all that must be the same
/// after a resume.</summary>
internal sealed record ResumeScenario(string Model, string Optimizer, string Feature)
{
    public static readonly string[] Models = ["lenet", "rnn", "lstm", "gru"];
    public static readonly string[] Optimizers = ["sgd", "adam", "adamw"];
    public static readonly string[] FurtherOptimizers =
    [
        "sgd-maximize",
        "rmsprop",
        "rmsprop-centered",
        "nadam",
        "radam",
        "adagrad",
        "adam-amsgrad",
        "adamw-amsgrad",
    ];
    public static readonly string[] Features =
    [
        "dropout",
        "accumulation",
        "early-stopping",
        "ema",
        "plateau",
        "augmentation",
        "noise",
        "averages",
    ];

    /// <summary>Freezes all but the last layer, unfreezes it with a rate of its own in the second epoch, and freezes part of it
    /// again in the third. With weight decay and without it on biases and normalisations.</summary>
    public const string Freezing = "freezing";

    /// <summary>Passes in bfloat16, with windows of two batches and batch normalisation.</summary>
    public const string BFloat16 = "bfloat16";

    private const int Side = 16;
    private const int Classes = 3;

    public int Epochs { get; init; } = 3;

    public int Samples { get; init; } = 44; // a short last batch, and a short last window

    public static ResumeScenario Parse(string name)
    {
        string[] parts = name.Split('/');
        return new ResumeScenario(parts[0], parts[1], parts[2]);
    }

    public override string ToString() => $"{Model}/{Optimizer}/{Feature}";

    /// <summary>Trains to the end, or resumes what is in the folder.</summary>
    /// <returns>The sum of final weights, optimizer state, callback states, and metrics without times.</returns>
    public string Run(string folder, Callback? extra = null, CancellationToken cancellationToken = default)
    {
        using var train = Images(Samples, seed: 1);
        using var test = Images(20, seed: 2);
        using var model = NewModel();
        var trainer = new Trainer(Options(folder));
        foreach (var callback in Callbacks().Append(extra).OfType<Callback>())
        {
            trainer.Callbacks.Add(callback);
        }

        _ = RunDirectory.CanResume(folder)
            ? trainer.Resume(folder, model, train, test, cancellationToken)
            : trainer.Fit(model, train, test, cancellationToken);
        return Sum(folder, model);
    }

    private TrainerOptions Options(string folder) =>
        new()
        {
            Epochs = Epochs,
            BatchSize = 8,
            Seed = 5,
            Device = "cpu",
            RunDirectory = folder,
            DefaultCallbacks = false,
            SaveStateEverySteps = 1,
            LogEverySteps = 3,
            GradientAccumulationSteps = Feature switch
            {
                "accumulation" => 4,
                BFloat16 => 2,
                _ => 1,
            },
            Precision = Feature == BFloat16 ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32,
            ClipGradientNorm = Feature == "dropout" ? 1 : null,
            Augmentations = Feature switch
            {
                "augmentation" => [new RandomCrop { Padding = 2 }, new RandomHorizontalFlip(), new Cutout { Size = 4 }],
                "mixing" =>
                [
                    new RandomAffine(),
                    new ColorJitter { Normalization = ImageNormalization.Centered(1) },
                    new RandomErasing { Noise = true },
                    new MixUp { ClassCount = Classes, Probability = 0.5 },
                    new CutMix { ClassCount = Classes },
                ],
                _ => [],
            },
            Schedule = Feature switch
            {
                "ema" => new CosineSchedule { WarmupSteps = 3 },
                Freezing => new StepSchedule
                {
                    EveryEpochs = 1,
                    Gamma = 0.9,
                    WarmupEpochs = 0.5,
                },
                _ => new ConstantSchedule(),
            },
            Freezing =
                Feature == Freezing
                    ?
                    [
                        new Freeze("*"),
                        new Unfreeze(parameter => parameter.Name.Split('.')[0] is "out" or "fc"),
                        new Unfreeze("*") { FromEpoch = 2, LearningRate = 0.003 },
                        new Freeze(Model == "lenet" ? "lenet.conv*" : "*.weight_ih*") { FromEpoch = 3 },
                    ]
                    : [],
            Optimizer = NewOptimizer() with { ParameterGroups = Feature == Freezing ? [ParameterGroup.WithoutWeightDecay] : [] },
        };

    private OptimizerOptions NewOptimizer() =>
        Optimizer switch
        {
            "sgd" => new SgdOptions { LearningRate = 0.05, Momentum = 0.9 },
            "adam" => new AdamOptions { LearningRate = 0.01 },
            "sgd-maximize" => new SgdOptions
            {
                LearningRate = 0.001,
                Momentum = 0.9,
                Dampening = 0.1,
                WeightDecay = 0.01,
                Maximize = true,
            },
            "rmsprop" => new RMSpropOptions { LearningRate = 0.005, Momentum = 0.5 },
            "rmsprop-centered" => new RMSpropOptions { LearningRate = 0.005, Centered = true },
            "nadam" => new NAdamOptions { LearningRate = 0.01 },
            "radam" => new RAdamOptions { LearningRate = 0.01, Beta2 = 0.9 },
            "adagrad" => new AdagradOptions { LearningRate = 0.02, LearningRateDecay = 0.01 },
            "adam-amsgrad" => new AdamOptions { LearningRate = 0.01, AmsGrad = true },
            "adamw-amsgrad" => new AdamWOptions { LearningRate = 0.01, AmsGrad = true },
            _ => new AdamWOptions { LearningRate = 0.01 },
        };

    private IEnumerable<Callback> Callbacks()
    {
        yield return new CsvLogger();
        switch (Feature)
        {
            case "early-stopping":
                yield return new EarlyStopping { Patience = 1, Monitor = "test_loss" };
                break;
            case "ema":
                yield return new ExponentialMovingAverage { Decay = 0.9 };
                break;
            case "averages":
                yield return new ExponentialMovingAverage { Decay = 0.8, ApplyAtEnd = false };
                yield return new StochasticWeightAverage { StartEpoch = 2 };
                yield return new ReduceLearningRateOnPlateau { Monitor = "test_loss_ema", Patience = 0 };
                yield return new ModelCheckpoint { Monitor = "test_loss_swa" };
                break;
            case "noise":
                yield return new GradientNoise();
                break;
            case "plateau":
                yield return new ReduceLearningRateOnPlateau { Patience = 0, Factor = 0.5 };
                break;
        }
    }

    private nn.Module<Tensor, Tensor> NewModel()
    {
        manual_seed(3);
        double dropout = Feature is "dropout" or "early-stopping" ? 0.3 : 0;
        var options = new LeNetOptions
        {
            InputChannels = 1,
            ImageHeight = Side,
            ImageWidth = Side,
            Conv1Channels = 2,
            Conv2Channels = 4,
            Fc1Size = 16,
            Fc2Size = 8,
            ClassCount = 8,
            Seed = 3,
        };
        return Model == "lenet"
            ? nn.Sequential(
                ("lenet", VisionModels.LeNet(options)),
                ("dropout", nn.Dropout(dropout)),
                ("norm", Feature is Freezing or BFloat16 ? nn.BatchNorm1d(8) : nn.Identity()),
                ("out", nn.Linear(8, Classes))
            )
            : SequenceModels.Build(
                Enum.Parse<RecurrentCell>(Model, ignoreCase: true),
                new RecurrentOptions
                {
                    InputSize = Side,
                    HiddenSize = 8,
                    LayerCount = dropout > 0 ? 2 : 1,
                    Dropout = dropout,
                    ClassCount = Classes,
                    Seed = 3,
                }
            );
    }

    private static ImageDataset Images(int count, int seed)
    {
        using var scope = NewDisposeScope();
        byte[] pixels = new byte[count * Side * Side];
        var random = new Random(seed);
        random.NextBytes(pixels);
        long[] labels = [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(Classes))];
        for (int i = 0; i < count; i++)
        {
            pixels.AsSpan((i * Side * Side) + ((int)labels[i] * 64), 64).Fill(255); // a bright band where the label says
        }

        return new ImageDataset("bands", tensor(pixels).reshape(count, 1, Side, Side), tensor(labels), ["low", "middle", "high"]);
    }

    private static string Sum(string folder, nn.Module model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in model.state_dict())
        {
            using var scope = NewDisposeScope();
            Append(hash, name, tensor);
        }

        using var state = new StateFile(folder).Read();
        foreach (var (name, tensor) in state.Tensors("").OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            Append(hash, name, tensor);
        }

        foreach (string line in File.ReadLines(Path.Combine(folder, "metrics.csv")))
        {
            string[] cells = line.Split(',');
            Append(hash, string.Join(',', cells[..^2])); // without seconds and samples a second
        }

        foreach (var (key, values) in state.State.Callbacks)
        {
            Append(hash, key + string.Join(';', values.Select(value => value.ToString())));
        }

        Append(
            hash,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{state.State.Epoch} {state.State.StepInEpoch} {state.State.Step} {state.State.LearningRateScale:r} "
                    + $"{state.State.StopMessage}"
            )
        );
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static void Append(IncrementalHash hash, string name, Tensor tensor)
    {
        Append(hash, name + Shape.Of(tensor));
        hash.AppendData(tensor.detach().cpu().contiguous().bytes);
    }

    private static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));

    /// <summary>Draws in two hooks, from the context's generator and from libtorch's own.</summary>
    private sealed class GradientNoise : Callback
    {
        public override void OnBeforeOptimizerStep(BeforeOptimizerStepEvent e)
        {
            using var scope = NewDisposeScope();
            using var generator = e.Context.NewGenerator();
            foreach (var gradient in e.Context.Model.parameters().Select(parameter => parameter.grad).OfType<Tensor>())
            {
                gradient.add_(randn(gradient.shape, generator: generator), alpha: 0.01);
            }
        }

        public override void OnStepEnd(StepEndEvent e)
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            var weight = e.Context.Model.parameters().First();
            weight.add_(randn_like(weight), alpha: 1e-4);
        }
    }
}
