using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>One call of <see cref="Attribution.DeepLift"/>: the images and their references go through the model in one
/// pass.</summary>
internal static class DeepLiftRun
{
    public static IReadOnlyList<AttributionMap> Maps(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        DeepLiftOptions options,
        CancellationToken cancellationToken
    )
    {
        var batches = new AttributionBatches(model, images, options, cancellationToken);
        var baseline = new AttributionBaseline(options.Baseline, images);
        return batches.Map(
            (batch, targets) =>
            {
                var from = baseline.Next(batch);
                using var trace = ForwardTrace.Run(model, cat([batch, from]), DeepLiftRule.Replace);
                long count = batch.size(0);
                var selected = batches.Selected(trace.Output.narrow(0, 0, count), targets);
                double[] scores = TensorNumbers.Doubles(selected),
                    begin = TensorNumbers.Doubles(batches.Selected(trace.Output.narrow(0, count, count), targets));
                var multiplier = batches.AtInput(trace, selected).narrow(0, 0, count);
                var values = multiplier * (batch - from);
                double[] sums = TensorNumbers.Doubles(values.sum([1, 2, 3]));
                return AttributionMap
                    .Of("DeepLIFT", values, targets, scores)
                    .Select((map, i) => map with { ConvergenceDelta = sums[i] - (scores[i] - begin[i]) });
            },
            image => WarningFor(model, cat([image, baseline.First(image)]))
        );
    }

    private static string? WarningFor(nn.Module<Tensor, Tensor> model, Tensor pair)
    {
        var (covered, missed) = LinearityCheck.Affine(model, pair, DeepLiftRule.Covers);
        string names = string.Join(", ", missed);
        return missed.Count == 0 ? null
            : covered > 0
                ? $"DeepLIFT's rule covers {covered} calls, but not {names}, which are not linear: there it is the plain "
                    + "gradient, and the values do not sum to the score's rise (ConvergenceDelta)."
            : throw new InvalidOperationException(
                $"DeepLIFT has a rule for modules that are activations or max pooling, but {model.GetName()} runs none on the "
                    + $"way to its output, and is not linear ({names}). Make its activations modules that forward runs with "
                    + "call, or use Attribution.IntegratedGradients."
            );
    }
}
