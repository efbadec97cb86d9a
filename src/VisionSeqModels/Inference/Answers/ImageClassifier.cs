using System.Buffers;
using SkiaSharp;
using VisionSeqModels.Inference;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Answers about images with a trained model: one file in, labels with probabilities or values out.</summary>
/// <remarks>Any number of threads may call every member at once, so an application has one for each model, for example as a
/// singleton of its dependency injection. A picture of any size is prepared as the model's training images were. Outputs equal
/// those of <c>Trainer.Predict</c> for a batch of the same images, bit for bit.</remarks>
public sealed class ImageClassifier : IDisposable
{
    private readonly SharedModel _model;
    private readonly ModelAnswers _answers;
    private readonly ImageBytes _images;
    private readonly float[] _scale;
    private readonly float[] _offset;

    private ImageClassifier(
        SharedModel model,
        ModelAnswers answers,
        ImageNormalization normalization,
        ImagePreparation preparation
    )
    {
        _model = model;
        _answers = answers;
        _images = new ImageBytes(preparation);
        (_scale, _offset) = normalization.Numbers();
        Preparation = preparation;
    }

    /// <summary>What the file says about the model.</summary>
    public ModelDescription Description => _model.Description;

    /// <summary>How a picture becomes the model's image.</summary>
    public ImagePreparation Preparation { get; }

    /// <summary>Loads a model of this library.</summary>
    /// <param name="path">A file that <see cref="ModelFile.Save(nn.Module{Tensor, Tensor}, string, Data.IBatchSource?)"/> or
    /// <c>ModelCheckpoint</c> wrote, for example <c>checkpoints/best.safetensors</c> of a run folder.</param>
    /// <param name="device">Where the model runs; default <c>cpu</c>. See <see cref="Torch.Devices.Resolve"/>.</param>
    /// <returns>The classifier; the caller disposes it.</returns>
    /// <exception cref="InvalidDataException">The file breaks the format, or does not say what the model is or how its images
    /// were prepared, or names another number of classes than the model has outputs.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">The device is not there.</exception>
    public static ImageClassifier Load(string path, string device = "cpu") => Create(ModelFile.Load(path), path, device);

    /// <summary>Loads a model that a function of yours builds.</summary>
    /// <param name="path">A file with a description.</param>
    /// <param name="create">Builds the model; the classifier owns it.</param>
    /// <param name="device">Where the model runs; default <c>cpu</c>.</param>
    /// <exception cref="Checkpoints.WeightsMismatchException">The weights do not fit the model.</exception>
    /// <inheritdoc cref="Load(string, string)"/>
    public static ImageClassifier Load(
        string path,
        Func<ModelDescription, nn.Module<Tensor, Tensor>> create,
        string device = "cpu"
    ) => Create(ModelFile.Load(path, create), path, device);

    /// <summary>Classifies the picture in a file.</summary>
    /// <param name="path">A JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <exception cref="UnreadableImageException">It is no such picture, is damaged or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The model answers with values.</exception>
    /// <exception cref="InvalidDataException">A model of your own has another number of outputs than the file names
    /// classes.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public Classification Classify(string path) => Classified(path, static (images, from, image) => images.Read(from, image));

    /// <summary>Classifies the picture in a stream, from where it stands to its end.</summary>
    /// <param name="image">A JPEG, PNG, WebP, BMP or GIF file of at most 256 MiB; it stays open.</param>
    /// <inheritdoc cref="Classify(string)"/>
    public Classification Classify(Stream image) => Classified(image, static (images, from, image) => images.Read(from, image));

    /// <summary>Classifies the picture in a file's bytes.</summary>
    /// <param name="file">A whole JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <inheritdoc cref="Classify(string)"/>
    public Classification Classify(ReadOnlySpan<byte> file) =>
        Classified(file, static (images, from, image) => images.Read(from, image));

    /// <summary>Classifies a bitmap.</summary>
    /// <param name="image">A bitmap; it does not change.</param>
    /// <inheritdoc cref="Classify(string)"/>
    public Classification Classify(SKBitmap image) => Classified(image, static (images, from, image) => images.Read(from, image));

    /// <summary>Classifies the pictures in several files, in one pass of the model.</summary>
    /// <param name="paths">Files, as for <see cref="Classify(string)"/>. One that cannot be read ends the call.</param>
    /// <returns>An answer for each, in their order.</returns>
    /// <inheritdoc cref="Classify(string)"/>
    public IReadOnlyList<Classification> ClassifyBatch(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return ClassifiedBatch(paths, static (images, from, image) => images.Read(from, image));
    }

    /// <summary>Classifies the pictures in the bytes of several files, in one pass of the model.</summary>
    /// <param name="files">Whole files, as for <see cref="Classify(ReadOnlySpan{byte})"/>.</param>
    /// <returns>An answer for each, in their order.</returns>
    /// <inheritdoc cref="Classify(string)"/>
    public IReadOnlyList<Classification> ClassifyBatch(IReadOnlyList<byte[]> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return ClassifiedBatch(files, static (images, from, image) => images.Read(from, image));
    }

    /// <summary>Computes the values of the picture in a file.</summary>
    /// <param name="path">A JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <returns>The values, in the units of the targets that the model was trained on.</returns>
    /// <exception cref="UnreadableImageException">It is no such picture, is damaged or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The model answers with classes or labels.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public double[] Regress(string path) => Values(path, static (images, from, image) => images.Read(from, image));

    /// <summary>Computes the values of the picture in a stream, from where it stands to its end.</summary>
    /// <param name="image">A JPEG, PNG, WebP, BMP or GIF file of at most 256 MiB; it stays open.</param>
    /// <inheritdoc cref="Regress(string)"/>
    public double[] Regress(Stream image) => Values(image, static (images, from, image) => images.Read(from, image));

    /// <summary>Computes the values of the picture in a file's bytes.</summary>
    /// <param name="file">A whole JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <inheritdoc cref="Regress(string)"/>
    public double[] Regress(ReadOnlySpan<byte> file) => Values(file, static (images, from, image) => images.Read(from, image));

    /// <summary>Computes the values of a bitmap.</summary>
    /// <param name="image">A bitmap; it does not change.</param>
    /// <inheritdoc cref="Regress(string)"/>
    public double[] Regress(SKBitmap image) => Values(image, static (images, from, image) => images.Read(from, image));

    /// <summary>Frees the model, once those who are classifying have their answers. A second call does nothing.</summary>
    public void Dispose() => _model.Dispose();

    private static ImageClassifier Create(LoadedModel loaded, string path, string device)
    {
        var model = SharedModel.Of(loaded, device, typeof(ImageClassifier));
        try
        {
            var description = model.Description;
            var answers = new ModelAnswers(model, path);
            var preparation = description.Preparation ?? ImageInputs.PreparationOf(model.Model, description, path);
            var normalization =
                description.Normalization
                ?? throw new InvalidDataException(
                    $"'{path}' does not say how images become the model's inputs: its description has no Normalization. Save the "
                        + "model with its data, ModelFile.Save(model, path, data), or with a description that has it."
                );
            return new ImageClassifier(model, answers, normalization, preparation);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Reads a picture into the room for its image.</summary>
    private delegate void Reading<T>(ImageBytes images, T from, Span<byte> image)
        where T : allows ref struct;

    private Classification Classified<T>(T from, Reading<T> read)
        where T : allows ref struct
    {
        _answers.RequireClasses();
        _model.ThrowIfDisposed();
        return _answers.Classification(One(from, read));
    }

    private Classification[] ClassifiedBatch<T>(IReadOnlyList<T> from, Reading<T> read)
    {
        _answers.RequireClasses();
        _model.ThrowIfDisposed();
        if (from.Count == 0)
        {
            return [];
        }

        int bytes = Preparation.ByteCount;
        byte[] pixels = ArrayPool<byte>.Shared.Rent(checked(from.Count * bytes));
        try
        {
            for (int i = 0; i < from.Count; i++)
            {
                read(_images, from[i], pixels.AsSpan(i * bytes, bytes));
            }

            float[] outputs = Run(pixels, from.Count);
            int each = outputs.Length / from.Count;
            var answers = new Classification[from.Count];
            for (int i = 0; i < answers.Length; i++)
            {
                answers[i] = _answers.Classification(outputs[(i * each)..((i + 1) * each)]);
            }

            return answers;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    private double[] Values<T>(T from, Reading<T> read)
        where T : allows ref struct
    {
        _answers.RequireValues();
        _model.ThrowIfDisposed();
        return _answers.Values(One(from, read));
    }

    /// <summary>The outputs of one image.</summary>
    private float[] One<T>(T from, Reading<T> read)
        where T : allows ref struct
    {
        byte[] pixels = ArrayPool<byte>.Shared.Rent(Preparation.ByteCount);
        try
        {
            read(_images, from, pixels.AsSpan(0, Preparation.ByteCount));
            return Run(pixels, 1);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    private float[] Run(byte[] pixels, int count) =>
        _model.Run(() => (ImageInputs.Of(pixels, count, Preparation, _scale, _offset), null)).Values;
}
