using VisionSeqModels;
using VisionSeqModels.Models;
using VisionSeqModels.Studies;

/// <summary>What the homework varies: a model, and how it is trained.</summary>
internal sealed record Setting
{
    /// <summary>LeNet, RNN, LSTM or GRU.</summary>
    public string Model { get; init; } = "LeNet";

    /// <summary>Of LeNet's first fully connected layer, or of the recurrent layer.</summary>
    public int Units { get; init; } = 120;

    public int BatchSize { get; init; } = 64;

    public string Optimizer { get; init; } = "Adam";

    public double LearningRate { get; init; } = 0.001;

    /// <summary>About the seconds of a pass over 60,000 MNIST digits with one thread; only their ratios count.</summary>
    public double Cost =>
        Model switch
        {
            "LeNet" => (3 + (Units / 512.0)) * (32.0 + BatchSize) / BatchSize,
            "LSTM" => 4 * CostOfAGate,
            "GRU" => 3 * CostOfAGate,
            _ => CostOfAGate,
        };

    private double CostOfAGate => Units * (80 + Units) / 7000.0;

    /// <summary>The model and the way to train it.</summary>
    public StudyTrial Trial(ImageDatasets data, long seed, TrainerOptions options) =>
        new()
        {
            Model =
                Model == "LeNet"
                    ? VisionModels.LeNet(LeNetOptions.For(data) with { Fc1Size = Units, Seed = seed })
                    : SequenceModels.Build(
                        Enum.Parse<RecurrentCell>(Model, ignoreCase: true),
                        RecurrentOptions.For(data) with
                        {
                            HiddenSize = Units,
                            Seed = seed,
                        }
                    ),
            Options = options with
            {
                BatchSize = BatchSize,
                Optimizer =
                    Optimizer == "SGD"
                        ? new SgdOptions { LearningRate = LearningRate, Momentum = 0.9 }
                        : new AdamOptions { LearningRate = LearningRate },
            },
        };
}
