using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Visualization;

[assembly: JsonContext<VisualizationJson>]

namespace VisionSeqModels.Visualization;

/// <summary>The results of views.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(SnakeCaseEnum<ImageTransform>)]
)]
[JsonSerializable(typeof(ActivationStatistics))]
[JsonSerializable(typeof(AttributionMap))]
[JsonSerializable(typeof(ConfidentErrors))]
[JsonSerializable(typeof(ConfusionMatrixFile))]
[JsonSerializable(typeof(Deconvnet))]
[JsonSerializable(typeof(FilterStrength))]
[JsonSerializable(typeof(GradientFlow))]
[JsonSerializable(typeof(Infidelity))]
[JsonSerializable(typeof(InsertionDeletion))]
[JsonSerializable(typeof(InvarianceCurves))]
[JsonSerializable(typeof(MaxSensitivity))]
[JsonSerializable(typeof(OcclusionSensitivity))]
[JsonSerializable(typeof(ParameterHistograms))]
[JsonSerializable(typeof(PrefixAccuracy))]
[JsonSerializable(typeof(RandomizationCheck))]
[JsonSerializable(typeof(RecurrentTrace))]
[JsonSerializable(typeof(TopActivations))]
internal sealed partial class VisualizationJson : JsonSerializerContext, IJsonContext<VisualizationJson>;
