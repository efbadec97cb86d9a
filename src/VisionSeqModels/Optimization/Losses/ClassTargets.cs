using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>The targets of a loss over classes: a label a sample, or a probability for each class.</summary>
/// <param name="title">The loss in messages.</param>
/// <param name="classWeights">How much each class counts, or null.</param>
/// <param name="ignoreIndex">The label that does not count, or null.</param>
internal sealed class ClassTargets(string title, IReadOnlyList<double>? classWeights, long? ignoreIndex)
{
    private const string OneScore =
        "Use Losses.BinaryCrossEntropyWithLogits for one score a sample. For regression use Losses.MeanSquaredError.";
    private const string Expected = "scores [batch, classes] and int64 labels [batch] or probabilities [batch, classes]";

    /// <summary>Whether the targets are a probability for each class.</summary>
    public static bool AreProbabilities(Tensor targets) => targets.dim() == 2 && torch.is_floating_point(targets);

    /// <summary>Labels for metrics: the most probable class where the targets are probabilities.</summary>
    public static Tensor Labels(Tensor targets) => AreProbabilities(targets) ? targets.argmax(1) : targets;

    public void Check(Tensor outputs, Tensor targets)
    {
        bool fits = AreProbabilities(targets)
            ? targets.shape.AsSpan().SequenceEqual(outputs.shape) && targets.size(0) > 0 && targets.size(1) > 1
            : TargetShapes.AreLabels(outputs, targets) && targets.dtype == ScalarType.Int64;
        if (!fits)
        {
            throw TargetShapes.Mismatch(title, Expected, outputs, targets, Fix(outputs, targets));
        }

        if (classWeights is not null && outputs.size(1) != classWeights.Count)
        {
            throw TargetShapes.Mismatch(
                title,
                $"scores of {classWeights.Count} classes for its {classWeights.Count} class weights",
                outputs,
                targets,
                "Give one weight for each class."
            );
        }
    }

    /// <summary>The class weights in the scores' dtype, made each time rather than kept on some device without an
    /// owner; null where there are none.</summary>
    public Tensor? Weights(ScalarType dtype, Device device) =>
        classWeights is null ? null
        : dtype == ScalarType.Float64 ? tensor(classWeights.ToArray(), device: device)
        : tensor(classWeights.Select(weight => (float)weight).ToArray(), device: device).to_type(dtype);

    /// <summary>Which samples count, or null where all do.</summary>
    public Tensor? Counted(Tensor labels) => ignoreIndex is long ignored ? labels.ne(Scalars.Of(ignored)) : null;

    /// <summary>Labels that are classes, for a look-up: 0 in place of the one that does not count.</summary>
    public Tensor Classes(Tensor labels) =>
        ignoreIndex is long ignored ? labels.masked_fill(labels.eq(Scalars.Of(ignored)), Scalars.Zero) : labels;

    /// <summary>The loss of labels, where a label that is no class is refused. On the CPU libtorch finds it on its way, and
    /// only then are the labels read. On another device a look would wait for it, and libtorch would break the device:
    /// there such a label makes the loss NaN.</summary>
    public Tensor OfLabels(Tensor outputs, Tensor labels, Func<Tensor, Tensor> compute)
    {
        if (!HostDevice.Has(outputs))
        {
            return OfGuarded(outputs, labels, compute);
        }

        try
        {
            return compute(labels);
        }
        catch (ExternalException)
            when (TargetValues.LabelOutside(title, labels, outputs.size(1), ignoreIndex) is TargetRangeException fault)
        {
            throw fault;
        }
    }

    /// <summary>The loss of labels, or NaN where one is no class; nothing is read.</summary>
    public Tensor OfGuarded(Tensor outputs, Tensor labels, Func<Tensor, Tensor> compute)
    {
        var outside = TargetGuard.Outside(labels, outputs.size(1), ignoreIndex);
        var loss = compute(labels.masked_fill(outside, Scalars.Zero));
        return loss.masked_fill(outside.any(), Scalars.NaN);
    }

    private static string Fix(Tensor outputs, Tensor targets) =>
        TargetShapes.EmptyFix(outputs, targets) is string empty ? empty
        : TargetShapes.PositionFix(outputs, targets) is string positions ? positions
        : outputs.dim() == 1 || (outputs.dim() == 2 && outputs.size(1) == 1) ? OneScore
        : outputs.dim() != 2 ? "Let the model end in one score a class, or give TrainerOptions another Loss."
        : targets.dim() == 0 ? "Give the targets the batch's dimension: one label a sample, of shape [batch]."
        : targets.size(0) != outputs.size(0)
            ? "Their numbers of samples differ: let the model keep the first dimension and give one label a sample, or give "
                + "TrainerOptions another Loss."
        : targets.dim() == 2 && targets.size(1) == 1
            ? "Drop the targets' last dimension and cast them: targets.squeeze(1).to_type(ScalarType.Int64)."
        : targets.dim() == 2 && targets.size(1) == outputs.size(1)
            ? "Turn one-hot targets into labels with targets.argmax(1), or into probabilities with "
                + "targets.to_type(ScalarType.Float32)."
        : targets.dim() == 1 ? "Cast the labels: targets.to_type(ScalarType.Int64)."
        : "Give one label a sample, or a probability for each class.";
}
