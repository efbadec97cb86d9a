using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

[assembly: JsonContext<RunsJson>]

namespace VisionSeqModels.Runs;

/// <summary>run.json and the state of training.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(SnakeCaseEnum<StopReason>)]
)]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(TrainingState))]
[JsonSerializable(typeof(List<RunRecord.FreezePart>))]
[JsonSerializable(typeof(Dictionary<string, RunRecord.BestPart>))]
[JsonSerializable(typeof(List<EpochRecord>))]
[JsonSerializable(typeof(List<ResumeRecord>))]
internal sealed partial class RunsJson : JsonSerializerContext, IJsonContext<RunsJson>;
