using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Optimization;

[assembly: JsonContext<OptimizationJson>]

namespace VisionSeqModels.Optimization;

/// <summary>Optimizers, schedules and rules of freezing, as run.json has them.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(SnakeCaseEnum<AnnealingCurve>)]
)]
[JsonSerializable(typeof(AdagradOptions))]
[JsonSerializable(typeof(AdamOptions))]
[JsonSerializable(typeof(AdamWOptions))]
[JsonSerializable(typeof(NAdamOptions))]
[JsonSerializable(typeof(RAdamOptions))]
[JsonSerializable(typeof(RMSpropOptions))]
[JsonSerializable(typeof(SgdOptions))]
[JsonSerializable(typeof(ConstantSchedule))]
[JsonSerializable(typeof(CosineSchedule))]
[JsonSerializable(typeof(ExponentialSchedule))]
[JsonSerializable(typeof(OneCycleSchedule))]
[JsonSerializable(typeof(StepSchedule))]
[JsonSerializable(typeof(Freeze))]
[JsonSerializable(typeof(Unfreeze))]
internal sealed partial class OptimizationJson : JsonSerializerContext, IJsonContext<OptimizationJson>;
