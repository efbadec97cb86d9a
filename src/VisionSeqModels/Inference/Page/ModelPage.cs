using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Inference;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Writes a small model as a page that runs it in a browser.</summary>
/// <remarks>One HTML file, with the weights in it and the forward pass in JavaScript. It makes no request, so it works
/// offline and nothing leaves the reader's device. The reader draws, or chooses an image, and sees the answer and what each
/// layer computes.</remarks>
public static class ModelPage
{
    /// <summary>Writes a page for a model whose images are known from its options, such as a LeNet of grey 28×28
    /// images.</summary>
    /// <param name="model">A LeNet, MLP or ResNet, an RNN, LSTM or GRU over images, or an <c>nn.Sequential</c> of common
    /// layers, on any device; it is not changed.</param>
    /// <param name="path">The file, usually <c>*.html</c>; one that is there is replaced. It is whole or absent.</param>
    /// <param name="options">Names, normalisation and the look; null for the defaults.</param>
    /// <exception cref="InvalidOptionsException">Options out of range, or missing; the message names every one.</exception>
    /// <exception cref="NotSupportedException">The model is of another kind.</exception>
    /// <exception cref="InvalidOperationException">The file would be larger than <see cref="PageOptions.MaxMebibytes"/>, or a
    /// weight is NaN or infinite. Nothing is written.</exception>
    /// <exception cref="ShapeMismatchException">The model does not take images of the shape given.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SavePage(this nn.Module<Tensor, Tensor> model, string path, PageOptions? options = null) =>
        Save(model, path, null, options);

    /// <summary>Writes a page with names, normalisation and examples of a data set.</summary>
    /// <param name="model">A LeNet, MLP or ResNet, an RNN, LSTM or GRU over images, or an <c>nn.Sequential</c> of common
    /// layers, on any device; it is not changed.</param>
    /// <param name="path">The file, usually <c>*.html</c>; one that is there is replaced. It is whole or absent.</param>
    /// <param name="data">Images as the model was trained on, for example the test set. A few of them become part of the
    /// page: <see cref="PageOptions.ExampleCount"/>.</param>
    /// <param name="options">What differs from the data, and the look; null for the defaults.</param>
    /// <inheritdoc cref="SavePage(nn.Module{Tensor, Tensor}, string, PageOptions?)"/>
    public static void SavePage(this nn.Module<Tensor, Tensor> model, string path, IImageSource data, PageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        Save(model, path, data, options);
    }

    private static void Save(nn.Module<Tensor, Tensor> model, string path, IImageSource? data, PageOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new PageOptions();
        options.Validate();
        using var use = ModelUse.Read(model);
        if (new FiniteCheck(model).First() is string tensor)
        {
            throw new InvalidOperationException(
                $"The {tensor} of the model is NaN or infinite, so a page of it would answer nothing. '{path}' was not written."
            );
        }

        using var scope = NewDisposeScope();
        using var weights = new PageWeights(model.state_dict());
        var layers = new PageLayers(weights).Of(model);
        var input = PageInput.Of(model, data, options);
        double size = weights.Count * sizeof(float) * 4 / 3.0 / (1 << 20);
        if (size > options.MaxMebibytes)
        {
            throw new InvalidOperationException(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"A page of this model would have {size:0.0} MiB for {weights.Count:N0} weights, more than MaxMebibytes "
                        + $"{options.MaxMebibytes}. Pages are for small models: export it with SaveOnnx, or raise the limit."
                )
            );
        }

        var examples = data is null ? [] : PageExamples.Of(data, input, options.ExampleCount);
        AtomicFile.WriteAllText(path, new PageDocument(model.GetName(), input, options.Title).Text(layers, weights, examples));
    }
}
