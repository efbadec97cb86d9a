using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>What a step leaves for its callbacks; all of it lives until the step's dispose scope closes.</summary>
internal readonly record struct StepResult(Batch Batch, Tensor Outputs, Tensor Loss, Tensor? GradientNorm);
