using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>The text entries of a file of weights.</summary>
internal static class ModelMetadata
{
    public static Dictionary<string, string> Of(nn.Module<Tensor, Tensor> model, IBatchSource? data) =>
        Of(ModelDescription.Of(model, data));

    public static Dictionary<string, string> Of(ModelDescription description) =>
        new(StringComparer.Ordinal)
        {
            ["format"] = "pt", // what Python's readers look for
            [ModelDescriptionJson.MetadataKey] = ModelDescriptionJson.Write(description),
        };
}
