using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Torch;

[assembly: JsonContext<TorchJson>]

namespace VisionSeqModels.Torch;

/// <summary>What run.json says of the machine.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TorchRuntimeInfo))]
internal sealed partial class TorchJson : JsonSerializerContext, IJsonContext<TorchJson>;
