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
        return batches.Map(
            (batch, targets) =>
            {
                var rules = new LrpRules(options);
                using var trace = ForwardTrace.Run(model, batch, rules.Replace);
                var selected = batches.Selected(trace.Output, targets);
                double[] scores = TensorNumbers.Doubles(selected),
                    absorbed = AbsorbedIn(trace, rules, selected);
                string? ofObjective = options.Objective is null ? null : ObjectiveWarning(trace.Output, selected);
                var values = batches.AtInput(trace, selected) * batch;
                double[] sums = TensorNumbers.Doubles(values.cpu().to_type(ScalarType.Float64).sum([1, 2, 3]));
                return AttributionMap
                    .Of("LRP", values, targets, scores)
                    .Select(
                        (map, i) =>
                            map with
                            {
                                ConvergenceDelta = sums[i] - scores[i],
                                AbsorbedRelevance = absorbed[i],
                                Warning = Sentences.Of(map.Warning, ofObjective),
                            }
                    );
            },
            image => WarningFor(model, image)
        );
    }

    /// <summary>A sentence where the objective's value is not its gradient times the outputs; null where it is.</summary>
    private static string? ObjectiveWarning(Tensor outputs, Tensor selected)
    {
        using var scope = NewDisposeScope();
        var begin = (SafeGradients.Of(selected, ones_like(selected), outputs)[0] ?? zeros_like(outputs)) * outputs.detach();
        double[] sums = TensorNumbers.Doubles(begin.flatten(1).sum(1)),
            sizes = TensorNumbers.Doubles(begin.flatten(1).abs().sum(1)),
            values = TensorNumbers.Doubles(selected);
        bool isLinear = sums.Zip(sizes, values).All(part => Math.Abs(part.First - part.Third) <= 1e-4 * part.Second);
        return isLinear
            ? null
            : "The Objective is not linear in the model's outputs, so LRP begins with its gradient times the outputs, which is "
                + "not its value (ConvergenceDelta).";
    }

    /// <summary>The relevance of each sample that stays in layers.</summary>
    private static double[] AbsorbedIn(ForwardTrace trace, LrpRules rules, Tensor selected)
    {
        long samples = selected.size(0);
        double[] sums = new double[samples];
        var outputs = rules.Absorbed.Select(part => trace.Find(part.Call.Name).Output).ToList();
        var gradients = SafeGradients.Of(selected, ones_like(selected), outputs);
        for (int i = 0; i < outputs.Count; i++)
        {
            using var left = rules.Absorbed[i].Left;
            // a layer whose first axis is not that of the samples mixes them: what it absorbs belongs to none
            if (gradients[i] is Tensor gradient && gradient.size(0) == samples)
            {
                double[] parts = TensorNumbers.Doubles((left * gradient).reshape(samples, -1).sum(1));
                sums = [.. sums.Zip(parts, (all, part) => all + part)];
            }
        }

        return sums;
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
