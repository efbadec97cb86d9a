using VisionSeqModels.Checkpoints;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Saves a model's weights as safetensors, and loads them, under PyTorch's names.</summary>
public static class ModelWeights
{
    /// <summary>Writes every parameter and persistent buffer. The file is whole or absent.</summary>
    /// <remarks>With the weights of a model of this library it keeps the builder and the options, so that
    /// <see cref="ModelFile.Load(string)"/> can build the model. <see cref="ModelFile.Save(nn.Module{Tensor, Tensor}, string,
    /// VisionSeqModels.Data.IBatchSource)"/> keeps class names and normalisation too.</remarks>
    /// <param name="model">The model, on any device; it is not changed.</param>
    /// <param name="path">The file, usually <c>*.safetensors</c>.</param>
    /// <param name="metadata">Text to keep with the weights, or null.</param>
    /// <exception cref="InvalidOperationException">The model has no weights or was disposed; or a weight is NaN or infinite, or
    /// a buffer NaN, and there is a file to replace. Nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveWeights(this nn.Module model, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        string owner = $"model '{model.GetType().Name}'";
        var entries = ModelMetadata.WithDescription(model, metadata);
        Write(owner, WeightsOf(model), path, entries, () => new FiniteCheck(model).First());
    }

    /// <summary>Copies weights from a file into the model's own parameters, in place, on any device.</summary>
    /// <remarks>Names that have <c>module.</c>, <c>_orig_mod.</c>, <c>model.</c> or <c>net.</c> before them, as PyTorch's
    /// wrappers leave them, are found without it. Weights in another floating-point dtype are converted to the model's. The
    /// report says both. Of a PyTorch file (<c>.pth</c>, <c>.pt</c>) only tensors and containers are read; one that names
    /// anything else is refused, and nothing of it runs.</remarks>
    /// <param name="model">The model. If this throws, none of its weights has changed.</param>
    /// <param name="path">A safetensors file, written by this library or by Python, or a state dict or checkpoint that
    /// <c>torch.save</c> wrote.</param>
    /// <param name="strict">True (default): a tensor that is missing, unexpected, or of another shape is an error, and so are
    /// integers in place of floating-point numbers. False: loads the tensors that fit and reports the others.</param>
    /// <returns>The tensors that were loaded, and those that were not.</returns>
    /// <exception cref="WeightsMismatchException">The file does not fit the model and <paramref name="strict"/> is true;
    /// the message names every tensor with both shapes. Or no tensor at all fits, whatever <paramref name="strict"/> is; the
    /// message has the names on both sides.</exception>
    /// <exception cref="InvalidDataException">The file breaks the format, or is a PyTorch file with more than tensors and
    /// containers.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static WeightsReport LoadWeights(this nn.Module model, string path, bool strict = true) =>
        LoadWeights(model, path, new LoadWeightsOptions { Strict = strict });

    /// <summary>The same with names that are mapped, or from one dict of a checkpoint.</summary>
    /// <param name="model">The model. If this throws, none of its weights has changed.</param>
    /// <param name="path">A file of weights, as above.</param>
    /// <param name="options">How the file's names become the model's.</param>
    /// <inheritdoc cref="LoadWeights(nn.Module, string, bool)"/>
    public static WeightsReport LoadWeights(this nn.Module model, string path, LoadWeightsOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        using var file = WeightsContent.Read(path, options.Entry);
        return model.CopyWeights(file.Tensors, path, options, file.Entry);
    }

    /// <summary>Writes weights of a model that are not its own: an average. Nothing empty, disposed or not finite replaces a
    /// file.</summary>
    /// <param name="owner">Who has them, for messages.</param>
    /// <param name="tensors">The weights and buffers.</param>
    /// <param name="weights">Which of them are weights; buffers may be infinite.</param>
    /// <param name="path">The file.</param>
    /// <param name="metadata">Text to keep with them.</param>
    internal static void Write(
        string owner,
        IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlySet<string> weights,
        string path,
        IReadOnlyDictionary<string, string> metadata
    ) => Write(owner, tensors, path, metadata, () => FiniteCheck.First(tensors, weights));

    private static void Write(
        string owner,
        IReadOnlyDictionary<string, Tensor> tensors,
        string path,
        IReadOnlyDictionary<string, string>? metadata,
        Func<string?> firstNonFinite
    )
    {
        if (tensors.Count == 0 || tensors.Values.Any(tensor => tensor.IsInvalid))
        {
            throw new InvalidOperationException(
                $"The {owner} has no weights to save: it has none, or it was disposed. '{path}' was not written."
            );
        }

        if (File.Exists(path) && firstNonFinite() is string tensor)
        {
            throw new InvalidOperationException(
                $"The {tensor} of the {owner} is NaN or infinite, so it does not replace '{path}'. Delete that file first, or "
                    + "give another path."
            );
        }

        Safetensors.Write(path, tensors, metadata);
    }

    /// <summary>The tensors; none for a disposed model that cannot give them.</summary>
    private static Dictionary<string, Tensor> WeightsOf(nn.Module model)
    {
        try
        {
            return model.state_dict();
        }
        catch (ObjectDisposedException)
        {
            return [];
        }
    }

    /// <summary>Copies tensors into the model's own, in place, under the very names and in the very dtypes.</summary>
    internal static WeightsReport CopyWeights(this nn.Module model, IReadOnlyDictionary<string, Tensor> tensors, string path) =>
        model.CopyWeights(tensors, path, options: null, entry: "");

    private static WeightsReport CopyWeights(
        this nn.Module model,
        IReadOnlyDictionary<string, Tensor> tensors,
        string path,
        LoadWeightsOptions? options,
        string entry
    )
    {
        var own = model.state_dict();
        var report = WeightsReport.Compare(own, tensors, options, entry);
        if ((options?.Strict != false && !report.IsComplete) || report.IsNothing)
        {
            throw new WeightsMismatchException(path, report);
        }

        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, source) in report.Sources)
        {
            own[name].copy_(tensors[source]);
        }

        return report;
    }
}
