using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>The loss and the metrics that fit what a model's outputs are.</summary>
internal sealed record OutputDefaults(Loss Loss, IReadOnlyList<Metric> Metrics)
{
    /// <summary>Those of a model; null for one of classes, and for one that does not say.</summary>
    public static OutputDefaults? Of(nn.Module model) =>
        (model as IConfiguredModel)?.Output switch
        {
            ModelOutput.Values => new(Losses.MeanSquaredError(), [new MeanAbsoluteError(), new RootMeanSquaredError()]),
            ModelOutput.Labels => new(Losses.BinaryCrossEntropyWithLogits(), [new BinaryAccuracy(), new MultiLabelAccuracy()]),
            _ => null,
        };
}
