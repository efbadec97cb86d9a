using System.Text.Json.Nodes;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Files of weights that say which model they are of: safetensors with a <see cref="ModelDescription"/> in their
/// metadata.</summary>
/// <remarks><c>ModelCheckpoint</c> writes such files too. A file is data: its metadata can choose among the builders of
/// this library, and nothing else.</remarks>
public static class ModelFile
{
    /// <summary>Writes a model's weights with its description. The file is whole or absent.</summary>
    /// <param name="model">The model, on any device; it is not changed.</param>
    /// <param name="path">The file, usually <c>*.safetensors</c>.</param>
    /// <param name="data">The data that the model was trained on, for class names, image shape and normalisation; or
    /// null.</param>
    /// <exception cref="InvalidOperationException">As for <see cref="ModelWeights.SaveWeights"/>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(nn.Module<Tensor, Tensor> model, string path, IBatchSource? data = null) =>
        Save(model, path, ModelDescription.Of(model, data));

    /// <summary>The same with a description of your own.</summary>
    /// <param name="model">The model, on any device; it is not changed.</param>
    /// <param name="path">The file, usually <c>*.safetensors</c>.</param>
    /// <param name="description">What <see cref="ModelDescription.Of"/> gives, with your changes.</param>
    /// <exception cref="ArgumentException">The description is of another model, or has values that cannot be used.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="ModelWeights.SaveWeights"/>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(nn.Module<Tensor, Tensor> model, string path, ModelDescription description)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(description);
        string architecture = ModelArchitecture.NameOf(model);
        bool hasOwnOptions =
            ModelArchitecture.IsKnown(architecture)
            && !JsonNode.DeepEquals(description.Options, ModelArchitecture.OptionsOf(model));
        if (description.Architecture != architecture || hasOwnOptions)
        {
            throw new ArgumentException(
                $"The description is of a model '{description.Architecture}'{(hasOwnOptions ? " with other options" : "")}, but "
                    + $"the model is '{architecture}'. Take ModelDescription.Of(model) and change what you need.",
                nameof(description)
            );
        }

        model.SaveWeights(path, ModelMetadata.Of(description));
    }

    /// <summary>Builds the model that a file describes, and loads its weights.</summary>
    /// <param name="path">A file that <see cref="Save(nn.Module{Tensor, Tensor}, string, IBatchSource)"/> or
    /// <c>ModelCheckpoint</c> wrote.</param>
    /// <returns>The model, on the CPU, float32, in evaluation mode, and its description; the caller disposes the
    /// result.</returns>
    /// <exception cref="InvalidDataException">The file breaks the format; or it has no description, one that is not sound, or
    /// one that its weights do not fit. The message says which.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static LoadedModel Load(string path)
    {
        using var file = ReadHeader(path, out var header);
        var description = ModelDescriptionJson.Read(path, header.Metadata);
        var plan = ModelArchitecture.Plan(path, description);
        plan.Check(path, header.Entries.ToDictionary(entry => entry.Name, entry => entry.Shape, StringComparer.Ordinal));
        try
        {
            return Fill(path, description, plan.Build(path));
        }
        catch (WeightsMismatchException e) // the shapes fit, so it is a dtype
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Builds a model by a function of yours, and loads a file's weights.</summary>
    /// <param name="path">A file with a description.</param>
    /// <param name="create">Builds a model from the file's description; the result of this call owns it.</param>
    /// <returns>The model, in evaluation mode, and its description; the caller disposes the result.</returns>
    /// <exception cref="InvalidDataException">The file breaks the format, or has no sound description.</exception>
    /// <exception cref="WeightsMismatchException">The weights do not fit the model.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static LoadedModel Load(string path, Func<ModelDescription, nn.Module<Tensor, Tensor>> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        var description = Describe(path);
        var model =
            create(description)
            ?? throw new InvalidOperationException($"The function that builds the model of '{path}' gave null. Return a model.");
        return Fill(path, description, model);
    }

    /// <summary>Reads a file's description, and no weights.</summary>
    /// <param name="path">A file with a description.</param>
    /// <exception cref="InvalidDataException">The file breaks the format, or has no sound description.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ModelDescription Describe(string path)
    {
        using var file = ReadHeader(path, out var header);
        return ModelDescriptionJson.Read(path, header.Metadata);
    }

    private static Stream ReadHeader(string path, out SafetensorsHeader header)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (File.Exists(path) && PyTorchFile.IsOne(path))
        {
            throw new InvalidDataException(
                $"'{path}' is a file of PyTorch, which does not say which model its weights are of. Build the model and call "
                    + "LoadWeights."
            );
        }

        var stream = FileSystem.Current.OpenRead(path);
        try
        {
            header = SafetensorsHeader.Read(stream, path);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static LoadedModel Fill(string path, ModelDescription description, nn.Module<Tensor, Tensor> model)
    {
        try
        {
            model.LoadWeights(path);
            model.eval();
            return new LoadedModel(model, description);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
