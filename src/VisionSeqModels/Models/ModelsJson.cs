using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Models;

[assembly: JsonContext<ModelsJson>]

namespace VisionSeqModels.Models;

/// <summary>The options of models.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [
        typeof(SnakeCaseEnum<ActivationFunction>),
        typeof(SnakeCaseEnum<ImageSequence>),
        typeof(SnakeCaseEnum<ModelOutput>),
        typeof(SnakeCaseEnum<PoolingMode>),
        typeof(SnakeCaseEnum<RecurrentCell>),
        typeof(SnakeCaseEnum<ResNetShortcut>),
        typeof(SnakeCaseEnum<ResNetStem>),
        typeof(SnakeCaseEnum<SequenceReadout>),
    ]
)]
[JsonSerializable(typeof(LeNetOptions))]
[JsonSerializable(typeof(MlpOptions))]
[JsonSerializable(typeof(RecurrentOptions))]
[JsonSerializable(typeof(ResNetOptions))]
[JsonSerializable(typeof(RecurrentCell))]
internal sealed partial class ModelsJson : JsonSerializerContext, IJsonContext<ModelsJson>;
