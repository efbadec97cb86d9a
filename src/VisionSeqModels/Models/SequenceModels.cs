using VisionSeqModels.Models;

namespace VisionSeqModels;

/// <summary>Builds recurrent classifiers for sequences, and for images read as sequences.</summary>
/// <remarks>All return the model on the CPU, float32, in training mode. The caller disposes it. It outlives any dispose
/// scope that is open where it is built.</remarks>
public static class SequenceModels
{
    /// <summary>Builds a vanilla recurrent network with a linear classifier.</summary>
    /// <param name="options">Sizes and seed; null for the defaults (rows of 28×28 grey images, 128 units, 10 classes).</param>
    /// <exception cref="InvalidOptionsException">Options out of range; the message names every one.</exception>
    public static RecurrentClassifier Rnn(RecurrentOptions? options = null) => Build(RecurrentCell.Rnn, options);

    /// <summary>Builds an LSTM with a linear classifier.</summary>
    /// <inheritdoc cref="Rnn"/>
    public static RecurrentClassifier Lstm(RecurrentOptions? options = null) => Build(RecurrentCell.Lstm, options);

    /// <summary>Builds a GRU with a linear classifier.</summary>
    /// <inheritdoc cref="Rnn"/>
    public static RecurrentClassifier Gru(RecurrentOptions? options = null) => Build(RecurrentCell.Gru, options);

    /// <summary>Builds a recurrent classifier of the kind given.</summary>
    /// <param name="cell">The kind.</param>
    /// <param name="options">Sizes and seed; null for the defaults.</param>
    /// <exception cref="InvalidOptionsException">Options out of range; the message names every one.</exception>
    public static RecurrentClassifier Build(RecurrentCell cell, RecurrentOptions? options = null)
    {
        if (!Enum.IsDefined(cell))
        {
            throw new ArgumentOutOfRangeException(nameof(cell), cell, "The cell must be Rnn, Lstm or Gru.");
        }

        options ??= new RecurrentOptions();
        options.Validate(cell);
        return ModelBuilder.Build(options.Seed, () => new RecurrentClassifier(cell, options));
    }
}
