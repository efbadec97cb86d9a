using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What a model's outputs <c>[batch, classes]</c> are, judged from their values: raw scores, probabilities, or their
/// logarithms.</summary>
internal static class OutputScores
{
    /// <summary>The probabilities <c>[batch, classes]</c>, float64, of outputs that are all there are. One column is the score
    /// of a yes: its sigmoid, or the probability that it is already.</summary>
    public static Tensor Probabilities(Tensor outputs)
    {
        var kind = new OutputKind();
        kind.See(outputs);
        return kind.Probabilities(outputs);
    }

    /// <summary>One score of each sample, <c>[batch]</c>.</summary>
    /// <exception cref="ArgumentException">The outputs are no class scores, or a class is out of range.</exception>
    public static Tensor Select(Tensor scores, long[] targets)
    {
        if (scores.dim() != 2 || targets.Any(target => target < 0 || target >= scores.size(1)))
        {
            string range = scores.dim() == 2 ? $", which must be from 0 to {scores.size(1) - 1}" : "";
            throw new ArgumentException(
                "Attribution explains one of a model's class scores [batch, classes], but the scores have shape "
                    + $"{Shape.Of(scores)} and the classes are {string.Join(", ", targets.Distinct())}{range}."
            );
        }

        return scores.gather(1, tensor(targets, device: scores.device).unsqueeze(1)).squeeze(1);
    }

    /// <summary>What an objective makes of the outputs, <c>[batch]</c>.</summary>
    /// <exception cref="ArgumentException">It gives something else.</exception>
    public static Tensor Objective(Func<Tensor, Tensor> objective, Tensor outputs)
    {
        var values = objective(outputs.clone());
        return values is not null && values.dim() == 1 && values.size(0) == outputs.size(0) && values.is_floating_point()
            ? values
            : throw new ArgumentException(
                $"An Objective must turn outputs {Shape.Of(outputs)} into one floating number for each sample, "
                    + $"[{outputs.size(0)}], but gave {(values is null ? "null" : $"{values.dtype} {Shape.Of(values)}")}."
            );
    }
}
