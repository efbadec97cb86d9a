using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VisionSeqModels.Models;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>A small training in eight shards with all that could depend on the number of ranks: dropout, augmentations that mix
/// samples, accumulation, a short last batch, clipping, averaged weights, normalisation, metrics that keep samples.</summary>
internal sealed record ShardScenario(string Model)
{
    public static readonly string[] Models = ["lenet", "rnn", "lstm", "gru", "resnet"];

    private static readonly Lock Building = new();

    private const int Side = 16;
    private const int Classes = 3;

    public TrainerOptions Options { get; init; } =
        new()
        {
            Epochs = 3,
            BatchSize = 16,
            EvaluationBatchSize = 7,
            Seed = 5,
            Device = "cpu",
            Shards = 8,
            GradientAccumulationSteps = 2,
            ClipGradientNorm = 0.5,
            LogEverySteps = 2,
            SaveStateEverySteps = 1,
            Augmentations = [new RandomCrop { Padding = 2 }, new RandomHorizontalFlip(), new MixUp { ClassCount = Classes }],
            Optimizer = new SgdOptions { LearningRate = 0.05, Momentum = 0.9 },
            Metrics = [new Accuracy(), AreaUnderRoc.MultiClass(Classes)],
            DefaultCallbacks = false,
        };

    public int? ModelSeed { get; init; } = 3;

    public int Samples { get; init; } = 53; // batches of 16, 16, 16 and 5

    public Callback? Extra { get; init; }

    /// <summary>Trains, or resumes what is in the options' folder.</summary>
    /// <returns>The sum of final weights, averaged weights' metrics, and all other metrics.</returns>
    public string Run(IShardExchange? exchange, CancellationToken cancellationToken = default) =>
        Run(exchange, out _, cancellationToken);

    public string Run(IShardExchange? exchange, out TrainingHistory history, CancellationToken cancellationToken = default)
    {
        using var train = Images(Samples, seed: 1);
        using var test = Images(20, seed: 2);
        using var model = NewModel();
        var trainer = new Trainer(Options)
        {
            Exchange = exchange,
            Callbacks =
            {
                new ExponentialMovingAverage { Decay = 0.8 },
                new ReduceLearningRateOnPlateau { Patience = 0 },
            },
        };
        if (Extra is not null)
        {
            trainer.Callbacks.Add(Extra);
        }

        history =
            Options.RunDirectory is string folder && RunDirectory.CanResume(folder)
                ? trainer.Resume(folder, model, train, test, cancellationToken)
                : trainer.Fit(model, train, test, cancellationToken);
        return Sum(model, history);
    }

    public nn.Module<Tensor, Tensor> NewModel()
    {
        lock (Building) // of libtorch's one generator
        {
            manual_seed(ModelSeed ?? Environment.CurrentManagedThreadId);
            return Build();
        }
    }

    private nn.Module<Tensor, Tensor> Build() =>
        Model switch
        {
            "lenet" => nn.Sequential(
                ("lenet", VisionModels.LeNet(LeNet())),
                ("dropout", nn.Dropout(0.3)),
                ("out", nn.Linear(8, Classes))
            ),
            "resnet" => nn.Sequential(
                ("resnet", VisionModels.ResNet(ResNet())),
                ("dropout", nn.Dropout(0.3)),
                ("out", nn.Linear(8, Classes))
            ),
            _ => SequenceModels.Build(
                Enum.Parse<RecurrentCell>(Model, ignoreCase: true),
                new RecurrentOptions
                {
                    InputSize = Side,
                    HiddenSize = 8,
                    LayerCount = 2,
                    Dropout = 0.3,
                    ClassCount = Classes,
                    Seed = ModelSeed,
                }
            ),
        };

    public static ImageDataset Images(int count, int seed)
    {
        using var scope = NewDisposeScope();
        byte[] pixels = new byte[count * Side * Side];
        var random = new Random(seed);
        random.NextBytes(pixels);
        long[] labels = [.. Enumerable.Range(0, count).Select(i => (long)(i % Classes))];
        for (int i = 0; i < count; i++)
        {
            pixels.AsSpan((i * Side * Side) + ((int)labels[i] * 64), 64).Fill(255); // a bright band where the label says
        }

        return new ImageDataset("bands", tensor(pixels).reshape(count, 1, Side, Side), tensor(labels), ["low", "middle", "high"]);
    }

    private static string Sum(nn.Module model, TrainingHistory history)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in model.state_dict())
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }

        foreach (var epoch in history.Epochs)
        {
            foreach (var (name, value) in epoch.Metrics)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name} {value:r}\n")));
            }
        }

        return $"{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]} {history.StopReason} {history.Steps}";
    }

    private LeNetOptions LeNet() =>
        new()
        {
            InputChannels = 1,
            ImageHeight = Side,
            ImageWidth = Side,
            Conv1Channels = 2,
            Conv2Channels = 4,
            Fc1Size = 16,
            Fc2Size = 8,
            ClassCount = 8,
            Seed = ModelSeed,
        };

    private ResNetOptions ResNet() =>
        new()
        {
            InputChannels = 1,
            ImageHeight = Side,
            ImageWidth = Side,
            BlockCounts = [1, 1],
            Widths = [4, 8],
            ClassCount = 8,
            Seed = ModelSeed,
        };
}
