using static TorchSharp.torch;

namespace VisionSeqModels.Studies;

/// <summary>What a setting means: the model to train, and how.</summary>
public sealed record StudyTrial
{
    /// <summary>The model; the study disposes it when the trial ends.</summary>
    public required nn.Module<Tensor, Tensor> Model { get; init; }

    /// <summary>How to train it. The study sets seed and run folder.</summary>
    public required TrainerOptions Options { get; init; }

    /// <summary>Callbacks of this trial alone; default none.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];
}
