using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>One call of <see cref="Attribution.Lrp"/>.</summary>
/// <remarks>The relevance of any tensor is its value times the gradient that <see cref="LrpRules"/> gives it, so that what is
/// linear without a constant needs no rule.</remarks>
internal static class LrpRun
{
    public static IReadOnlyList<AttributionMap> Maps(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        LrpOptions options,
        CancellationToken cancellationToken
    )
    {
        var batches = new AttributionBatches(model, images, options, cancellationToken);
        var rules = new LrpRules(options);
        string? missed = null;
        bool isChecked = false;
        return batches.Map(
            (batch, targets) =>
            {
                if (!isChecked)
                {
                    missed = WarningFor(model, batch.narrow(0, 0, 1));
                    isChecked = true;
                }

                using var trace = ForwardTrace.Run(model, batch, rules.Replace);
                var selected = batches.Selected(trace.Output, targets);
                double[] scores = TensorNumbers.Doubles(selected);
                var values = batches.AtInput(trace, selected) * batch;
                double[] sums = TensorNumbers.Doubles(values.sum([1, 2, 3]));
                return AttributionMap
                    .Of("LRP", values, targets, scores, batches.WarningWith(missed))
                    .Select((map, i) => map with { ConvergenceDelta = sums[i] - scores[i] });
            }
        );
    }

    private static string? WarningFor(nn.Module<Tensor, Tensor> model, Tensor image)
    {
        var (covered, missed) = LinearityCheck.Homogeneous(model, image, LrpRules.Covers);
        string names = string.Join(", ", missed);
        return covered == 0
                ? throw new InvalidOperationException(
                    $"LRP has rules for modules, but {model.GetName()} runs no convolution or linear module on the way to its "
                        + $"output{(missed.Count == 0 ? "" : $" (but {names})")}. Make its layers modules "
                        + "that forward runs with call."
                )
            : missed.Count == 0 ? null
            : $"LRP has a rule for {covered} calls, but none for {names}: there relevance is value times gradient, and is not "
                + "conserved (ConvergenceDelta).";
    }
}
