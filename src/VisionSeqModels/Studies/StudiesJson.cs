using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Studies;

[assembly: JsonContext<StudiesJson>]

namespace VisionSeqModels.Studies;

/// <summary>study.json, and the entries of a ledger.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(SnakeCaseEnum<StudyPlanKind>), typeof(SnakeCaseEnum<LedgerEntryKind>)]
)]
[JsonSerializable(typeof(StudyFile))]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(TrialPosition))]
internal sealed partial class StudiesJson : JsonSerializerContext, IJsonContext<StudiesJson>;
