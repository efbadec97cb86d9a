using System.Text.Json.Serialization;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;

[assembly: JsonContext<CheckpointsJson>]

namespace VisionSeqModels.Checkpoints;

/// <summary>What a file of weights says of its model.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ModelDescription))]
internal sealed partial class CheckpointsJson : JsonSerializerContext, IJsonContext<CheckpointsJson>;
