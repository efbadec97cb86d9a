using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Studies;

[assembly: JsonContext<StudiesJson>]

namespace VisionSeqModels.Studies;

/// <summary>study.json.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(SnakeCaseEnum<StudyPlanKind>)]
)]
[JsonSerializable(typeof(StudyFile))]
internal sealed partial class StudiesJson : JsonSerializerContext, IJsonContext<StudiesJson>;
