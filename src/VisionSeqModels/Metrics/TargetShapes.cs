using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Metrics;

/// <summary>Checks the shapes and dtypes of outputs and targets for losses and metrics. It never looks at a value, so it
/// never waits for the device.</summary>
internal static class TargetShapes
{
    private const string ScoresAndLabels = "scores [batch, classes] and integer labels [batch]";

    /// <summary>Scores of at least two classes, and one integer label a sample.</summary>
    public static void CheckLabels(string metric, Tensor outputs, Tensor targets)
    {
        if (!AreLabels(outputs, targets) || torch.is_floating_point(targets))
        {
            throw Mismatch(metric, ScoresAndLabels, outputs, targets, LabelFix(outputs, targets));
        }
    }

    /// <summary>Outputs and targets of one shape.</summary>
    public static void CheckSame(string name, Tensor outputs, Tensor targets)
    {
        if (!outputs.shape.AsSpan().SequenceEqual(targets.shape) || outputs.numel() == 0)
        {
            throw Mismatch(name, "targets of the outputs' shape", outputs, targets, SameFix(outputs, targets));
        }
    }

    /// <summary>Whether the shapes are those of scores of at least two classes and one label a sample, of at least one
    /// sample.</summary>
    public static bool AreLabels(Tensor outputs, Tensor targets) =>
        outputs.dim() == 2
        && outputs.size(1) >= 2
        && targets.dim() == 1
        && targets.size(0) == outputs.size(0)
        && targets.size(0) > 0;

    /// <summary>What to do about a batch without samples, or null where it has some.</summary>
    public static string? EmptyFix(Tensor outputs, Tensor targets) =>
        outputs.dim() > 0 && targets.dim() > 0 && (outputs.size(0) == 0 || targets.size(0) == 0)
            ? "Leave out batches without samples: they have no mean."
            : null;

    /// <summary>What to do about a label for each position, such as each pixel of an image; null where it is something
    /// else.</summary>
    public static string? PositionFix(Tensor outputs, Tensor targets) =>
        outputs.dim() > 2 && targets.dim() == outputs.dim() - 1 && targets.size(0) == outputs.size(0)
            ? "For a label at each position let the model give [positions, classes] and the data [positions], or use "
                + "Losses.From and a metric of your own."
            : null;

    /// <summary>The sentence for shapes that do not fit.</summary>
    /// <param name="name">The loss or metric.</param>
    /// <param name="expected">What it expects, with shapes.</param>
    /// <param name="outputs">What the model gave.</param>
    /// <param name="targets">What was wanted.</param>
    /// <param name="fix">What to do, as a sentence.</param>
    public static ShapeMismatchException Mismatch(string name, string expected, Tensor outputs, Tensor targets, string fix) =>
        new ShapeMismatchException(
            $"{name} expects {expected}, but received outputs {Shape.Of(outputs)} and {targets.dtype} targets "
                + $"{Shape.Of(targets)}. {fix}"
        );

    private static string LabelFix(Tensor outputs, Tensor targets) =>
        EmptyFix(outputs, targets) is string empty ? empty
        : PositionFix(outputs, targets) is string positions ? positions
        : IsOneScore(outputs) ? "Use BinaryAccuracy for one score a sample, or a metric such as MeanAbsoluteError for regression."
        : outputs.dim() != 2 ? "Let the model end in one score a class, or set TrainerOptions.Metrics."
        : targets.dim() == 2 && targets.size(1) == outputs.size(1)
            ? "Turn one-hot targets into labels with argmax(1), or use MultiLabelAccuracy for several labels a sample."
        : targets.dim() == 2 && targets.size(1) == 1 ? "Drop the targets' last dimension with squeeze(1)."
        : torch.is_floating_point(targets)
            ? "Cast class labels with to_type(ScalarType.Int64), or use a metric such as MeanAbsoluteError for regression."
        : "Give one label for each sample, or set TrainerOptions.Metrics.";

    private static string SameFix(Tensor outputs, Tensor targets) =>
        EmptyFix(outputs, targets) is string empty ? empty
        : outputs.dim() == targets.dim() + 1 && outputs.size(-1) == 1 && outputs.numel() == targets.numel()
            ? $"Give the targets that dimension with unsqueeze({targets.dim()}), or drop the model's with "
                + $"squeeze({targets.dim()})."
        : targets.dim() == outputs.dim() + 1 && targets.size(-1) == 1 && outputs.numel() == targets.numel()
            ? $"Drop the targets' last dimension with squeeze({outputs.dim()}), or give the model's outputs one with "
                + $"unsqueeze({outputs.dim()})."
        : outputs.dim() == 2 && targets.dim() == 1 && !torch.is_floating_point(targets)
            ? "Use Losses.CrossEntropy and Accuracy for one label of several classes, or one-hot targets."
        : outputs.numel() == targets.numel() ? "Reshape one of them."
        : "Let the model end in as many outputs as there are targets.";

    private static bool IsOneScore(Tensor outputs) => outputs.dim() == 1 || (outputs.dim() == 2 && outputs.size(1) == 1);
}
