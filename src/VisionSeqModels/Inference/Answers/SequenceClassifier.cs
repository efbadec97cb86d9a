using VisionSeqModels.Data;
using VisionSeqModels.Inference;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Answers about sequences with a trained model: one file in, labels with probabilities or values out.</summary>
/// <remarks>Any number of threads may call every member at once, so an application has one for each model, for example as a
/// singleton of its dependency injection. Features are given in their original units, and normalised as the model's training
/// data were. Outputs equal those of <c>Trainer.Predict</c> for a batch of the same sequences: bit for bit where all
/// lengths are equal, else up to rounding.</remarks>
public sealed class SequenceClassifier : IDisposable
{
    private readonly SharedModel _model;
    private readonly ModelAnswers _answers;

    private SequenceClassifier(SharedModel model, ModelAnswers answers)
    {
        _model = model;
        _answers = answers;
        FeatureCount =
            model.Description.FeatureNames?.Count
            ?? ((model.Model as IConfiguredModel)?.InputShape is [_, _, long features] ? (int)features : null);
    }

    /// <summary>What the file says about the model.</summary>
    public ModelDescription Description => _model.Description;

    /// <summary>Features of a step; null where the file does not say.</summary>
    public int? FeatureCount { get; }

    /// <summary>Loads a model of this library.</summary>
    /// <param name="path">A file that <see cref="ModelFile.Save(nn.Module{Tensor, Tensor}, string, IBatchSource?)"/> or
    /// <c>ModelCheckpoint</c> wrote, for example <c>checkpoints/best.safetensors</c> of a run folder.</param>
    /// <param name="device">Where the model runs; default <c>cpu</c>. See <see cref="Torch.Devices.Resolve"/>.</param>
    /// <returns>The classifier; the caller disposes it.</returns>
    /// <exception cref="InvalidDataException">The file breaks the format, does not say what the model is, or names another
    /// number of classes than the model has outputs.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">The device is not there.</exception>
    public static SequenceClassifier Load(string path, string device = "cpu") => Create(ModelFile.Load(path), path, device);

    /// <summary>Loads a model that a function of yours builds.</summary>
    /// <param name="path">A file with a description.</param>
    /// <param name="create">Builds the model; the classifier owns it.</param>
    /// <param name="device">Where the model runs; default <c>cpu</c>.</param>
    /// <exception cref="Checkpoints.WeightsMismatchException">The weights do not fit the model.</exception>
    /// <inheritdoc cref="Load(string, string)"/>
    public static SequenceClassifier Load(
        string path,
        Func<ModelDescription, nn.Module<Tensor, Tensor>> create,
        string device = "cpu"
    ) => Create(ModelFile.Load(path, create), path, device);

    /// <summary>Classifies a sequence.</summary>
    /// <param name="sequence"><c>[time, features]</c>, finite, in the original units; at least one step.</param>
    /// <exception cref="ArgumentException">The sequence does not fit the model, or has a value that is NaN or
    /// infinite.</exception>
    /// <exception cref="InvalidOperationException">The model answers with values, or at each step.</exception>
    /// <exception cref="InvalidDataException">A model of your own has another number of outputs than the file names
    /// classes.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public Classification Classify(float[,] sequence) => ClassifyBatch([sequence])[0];

    /// <summary>Classifies a sequence.</summary>
    /// <param name="values">The features of the first step, then of the second, and so on; finite, in the original units.</param>
    /// <param name="time">How many steps there are, at least 1.</param>
    /// <param name="features">Features of a step.</param>
    /// <inheritdoc cref="Classify(float[,])"/>
    public Classification Classify(ReadOnlySpan<float> values, int time, int features) =>
        Classify(SequenceInputs.Matrix(values, time, features));

    /// <summary>Classifies several sequences, of any lengths, in one pass of the model.</summary>
    /// <param name="sequences">Each <c>[time, features]</c>, as for <see cref="Classify(float[,])"/>.</param>
    /// <returns>An answer for each, in their order.</returns>
    /// <inheritdoc cref="Classify(float[,])"/>
    public IReadOnlyList<Classification> ClassifyBatch(IReadOnlyList<float[,]> sequences)
    {
        _answers.RequireClasses();
        return [.. OneAnswer(sequences).Select(_answers.Classification)];
    }

    /// <summary>Classifies each step of a sequence, by a model whose <c>Readout</c> is <c>EachStep</c>.</summary>
    /// <param name="sequence"><c>[time, features]</c>, as for <see cref="Classify(float[,])"/>.</param>
    /// <returns>An answer for each step.</returns>
    /// <exception cref="InvalidOperationException">The model answers with values, or once for a sequence.</exception>
    /// <inheritdoc cref="Classify(float[,])"/>
    public IReadOnlyList<Classification> ClassifySteps(float[,] sequence)
    {
        _answers.RequireClasses();
        return [.. Steps(sequence).Select(_answers.Classification)];
    }

    /// <summary>Computes the values of a sequence, for example a forecast.</summary>
    /// <param name="sequence"><c>[time, features]</c>, as for <see cref="Classify(float[,])"/>.</param>
    /// <returns>The values, in the units of the targets that the model was trained on.</returns>
    /// <exception cref="ArgumentException">The sequence does not fit the model, or has a value that is NaN or
    /// infinite.</exception>
    /// <exception cref="InvalidOperationException">The model answers with classes or labels, or at each step.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public double[] Regress(float[,] sequence) => RegressBatch([sequence])[0];

    /// <summary>Computes the values of a sequence.</summary>
    /// <param name="values">The features of the first step, then of the second, and so on; finite, in the original units.</param>
    /// <param name="time">How many steps there are, at least 1.</param>
    /// <param name="features">Features of a step.</param>
    /// <inheritdoc cref="Regress(float[,])"/>
    public double[] Regress(ReadOnlySpan<float> values, int time, int features) =>
        Regress(SequenceInputs.Matrix(values, time, features));

    /// <summary>Computes the values of several sequences, of any lengths, in one pass of the model.</summary>
    /// <param name="sequences">Each <c>[time, features]</c>, as for <see cref="Classify(float[,])"/>.</param>
    /// <returns>The values of each, in their order.</returns>
    /// <inheritdoc cref="Regress(float[,])"/>
    public IReadOnlyList<double[]> RegressBatch(IReadOnlyList<float[,]> sequences)
    {
        _answers.RequireValues();
        return [.. OneAnswer(sequences).Select(_answers.Values)];
    }

    /// <summary>Computes the values of each step of a sequence, by a model whose <c>Readout</c> is <c>EachStep</c>.</summary>
    /// <param name="sequence"><c>[time, features]</c>, as for <see cref="Classify(float[,])"/>.</param>
    /// <returns>The values of each step.</returns>
    /// <exception cref="InvalidOperationException">The model answers with classes or labels, or once for a sequence.</exception>
    /// <inheritdoc cref="Regress(float[,])"/>
    public IReadOnlyList<double[]> RegressSteps(float[,] sequence)
    {
        _answers.RequireValues();
        return [.. Steps(sequence).Select(_answers.Values)];
    }

    /// <summary>Frees the model, once those who are classifying have their answers. A second call does nothing.</summary>
    public void Dispose() => _model.Dispose();

    private static SequenceClassifier Create(LoadedModel loaded, string path, string device)
    {
        var model = SharedModel.Of(loaded, device, typeof(SequenceClassifier));
        try
        {
            return new SequenceClassifier(model, new ModelAnswers(model, path));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private IEnumerable<float[]> OneAnswer(IReadOnlyList<float[,]> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        _model.ThrowIfDisposed();
        if (sequences.Count == 0)
        {
            return [];
        }

        SequenceInputs.Check(sequences, FeatureCount, Description.FeatureNames);
        bool differ = sequences.Any(sequence => sequence.GetLength(0) != sequences[0].GetLength(0));
        return differ && _model.Model is not ISequenceModel
            ? sequences.SelectMany(sequence => Run([sequence], false, false))
            : Run(sequences, differ, false);
    }

    private IEnumerable<float[]> Steps(float[,] sequence)
    {
        _model.ThrowIfDisposed();
        SequenceInputs.Check([sequence], FeatureCount, Description.FeatureNames);
        return Run([sequence], false, true);
    }

    private IEnumerable<float[]> Run(IReadOnlyList<float[,]> sequences, bool differ, bool eachStep)
    {
        var (values, shape) = _model.Run(() => SequenceInputs.Of(sequences, Description.Features, differ));
        if (shape.Length == 3 != eachStep)
        {
            throw new InvalidOperationException(
                eachStep
                    ? "The model answers once for a sequence, not at each step. Call Classify or Regress."
                    : "The model answers at each step of a sequence, not once. Call ClassifySteps or RegressSteps."
            );
        }

        return values.Chunk((int)shape[^1]);
    }
}
