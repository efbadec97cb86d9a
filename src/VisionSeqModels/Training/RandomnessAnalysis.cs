using TorchSharp.Modules;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Whether a model may draw from libtorch's random generator while it computes; where that is not known, it
/// may.</summary>
internal static class RandomnessAnalysis
{
    /// <summary>TorchSharp's modules that compute the same every time; those with dropout inside or out are not among
    /// them.</summary>
    private static readonly HashSet<Type> Never =
    [
        typeof(Linear),
        typeof(Conv1d),
        typeof(Conv2d),
        typeof(Conv3d),
        typeof(Embedding),
        typeof(Flatten),
        typeof(Identity),
        typeof(ReLU),
        typeof(ReLU6),
        typeof(LeakyReLU),
        typeof(ELU),
        typeof(GELU),
        typeof(SiLU),
        typeof(Tanh),
        typeof(Sigmoid),
        typeof(Softmax),
        typeof(LogSoftmax),
        typeof(BatchNorm1d),
        typeof(BatchNorm2d),
        typeof(BatchNorm3d),
        typeof(LayerNorm),
        typeof(GroupNorm),
        typeof(MaxPool1d),
        typeof(MaxPool2d),
        typeof(AvgPool1d),
        typeof(AvgPool2d),
        typeof(AdaptiveAvgPool1d),
        typeof(AdaptiveAvgPool2d),
        typeof(AdaptiveMaxPool2d),
    ];

    /// <summary>Whether a step of training may.</summary>
    public static bool MayDraw(nn.Module model, TrainerOptions options) =>
        options.Augmentations.Count > 0
        || options.Loss is not (Optimization.CrossEntropyLoss or Optimization.FocalLoss or Optimization.ElementLoss)
        || MayDraw(model);

    private static bool MayDraw(nn.Module model) =>
        model switch
        {
            RecurrentClassifier recurrent => recurrent.Options.Dropout > 0,
            LeNet or ResNet => false,
            Mlp mlp => mlp.Options.Dropout > 0,
            Sequential => model.children().Any(MayDraw),
            _ => !Never.Contains(model.GetType()),
        };
}
