using VisionSeqModels.Core;

namespace VisionSeqModels.Runs;

/// <summary>What one epoch of training gave.</summary>
public sealed record EpochRecord
{
    /// <summary>The epoch's number, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary> All metrics of the epoch by name, in order: <c>train_loss</c>, <c>train_accuracy</c> and those of further
    /// metrics, then the same with <c>val_</c> and <c>test_</c> where there is such data. An epoch without an evaluation
    /// lacks these. </summary>
    /// <remarks>Training metrics are means over the epoch while the weights moved, weighted by the samples of each batch;
    /// test metrics are measured with the weights at the epoch's end.</remarks>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>The learning rate at the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Seconds of training in this epoch, without evaluation and callbacks at its end.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training samples for each second of <see cref="Seconds"/>.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Optimizer steps made in this epoch.</summary>
    public required int Steps { get; init; }

    /// <summary>Samples trained on in this epoch.</summary>
    public required long Samples { get; init; }

    /// <summary>False where the loss, a weight or a buffer became NaN or infinite; such an epoch is never saved and never
    /// the best.</summary>
    public bool IsFinite { get; init; } = true;

    /// <summary>True where the run ended before the epoch did; such an epoch counts for no decision.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The mean training loss.</summary>
    /// <exception cref="KeyNotFoundException">The record of another program has none.</exception>
    public double TrainLoss =>
        this["train_loss"]
        ?? throw new KeyNotFoundException(
            $"The record of epoch {Epoch} has no metric named 'train_loss'. It has: {PlainText.List(Metrics.Keys)}."
        );

    /// <summary>The metric of that name, or null where the epoch has none.</summary>
    /// <param name="name">A name such as <c>test_accuracy</c>.</param>
    public double? this[string name] => Metrics.TryGetValue(name, out double value) ? value : null;
}
