using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>An <see cref="OnnxOperator"/> with one output.</summary>
internal delegate Tensor SingleOperator(OnnxAttributes attributes, Tensor?[] inputs);
