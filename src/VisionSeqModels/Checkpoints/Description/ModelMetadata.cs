using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>The text entries of a file of weights.</summary>
internal static class ModelMetadata
{
    /// <summary>Those of a run's file. Where what the data says of itself cannot be used, the model is described
    /// alone.</summary>
    public static Dictionary<string, string> Of(nn.Module<Tensor, Tensor> model, IBatchSource data)
    {
        var description = ModelDescription.Of(model, data);
        return Of(description.Check().All.Count == 0 ? description : ModelDescription.Of(model));
    }

    public static Dictionary<string, string> Of(ModelDescription description) =>
        new(StringComparer.Ordinal)
        {
            ["format"] = "pt", // what Python's readers look for
            [ModelDescriptionJson.MetadataKey] = ModelDescriptionJson.Write(description),
        };

    /// <summary>The caller's entries, and the description of a model of this library where they have none.</summary>
    public static IReadOnlyDictionary<string, string>? WithDescription(
        nn.Module model,
        IReadOnlyDictionary<string, string>? own
    ) =>
        model is nn.Module<Tensor, Tensor> described
        && ModelArchitecture.IsKnown(ModelArchitecture.NameOf(model))
        && own?.ContainsKey(ModelDescriptionJson.MetadataKey) != true
            ? new Dictionary<string, string>(own ?? new Dictionary<string, string>(), StringComparer.Ordinal)
            {
                [ModelDescriptionJson.MetadataKey] = ModelDescriptionJson.Write(ModelDescription.Of(described)),
            }
            : own;
}
