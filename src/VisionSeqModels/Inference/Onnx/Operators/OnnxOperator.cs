using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Computes a node's outputs; an input that is left out is null. The results are tensors of their own.</summary>
internal delegate IReadOnlyList<Tensor> OnnxOperator(OnnxAttributes attributes, Tensor?[] inputs);
