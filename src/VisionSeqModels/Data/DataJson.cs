using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Data;

[assembly: JsonContext<DataJson>]

namespace VisionSeqModels.Data;

/// <summary>How data was prepared; augmentations and sampling, as run.json has them.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(SnakeCaseEnum<ImageResize>)]
)]
[JsonSerializable(typeof(ImagePreparation))]
[JsonSerializable(typeof(ImageNormalization))]
[JsonSerializable(typeof(FeatureNormalization))]
[JsonSerializable(typeof(BalancedSampling))]
[JsonSerializable(typeof(WeightedSampling))]
[JsonSerializable(typeof(ColorJitter))]
[JsonSerializable(typeof(CutMix))]
[JsonSerializable(typeof(Cutout))]
[JsonSerializable(typeof(MixUp))]
[JsonSerializable(typeof(RandomAffine))]
[JsonSerializable(typeof(RandomCrop))]
[JsonSerializable(typeof(RandomErasing))]
[JsonSerializable(typeof(RandomHorizontalFlip))]
[JsonSerializable(typeof(RandomRotation))]
[JsonSerializable(typeof(RandomScale))]
[JsonSerializable(typeof(RandomShift))]
internal sealed partial class DataJson : JsonSerializerContext, IJsonContext<DataJson>;
