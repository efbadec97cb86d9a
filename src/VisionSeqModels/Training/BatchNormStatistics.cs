using TorchSharp.Modules;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>The running statistics that batch normalisations have with other weights than those that were trained, such as an
/// average of them.</summary>
internal static class BatchNormStatistics
{
    /// <summary>Computes the statistics of some weights by one pass over the training data, and puts them among the weights; the
    /// model keeps its own. As PyTorch's <c>update_bn</c> it takes the mean of the batches' means and of their unbiased
    /// variances.</summary>
    /// <remarks>Batches are those of the epoch, in its order, without augmentations. Every other module is in evaluation mode,
    /// so nothing is drawn at random. A normalisation that does not train keeps what it has.</remarks>
    /// <param name="context">The run.</param>
    /// <param name="weights">Parameters and buffers by name; those of the statistics change in place.</param>
    public static void Recompute(FitContext context, IReadOnlyDictionary<string, Tensor> weights)
    {
        var norms = context
            .Model.named_modules()
            .Append(("", context.Model))
            .Where(entry => entry.Item2 is BatchNorm { training: true, running_mean: not null })
            .Select(entry => (Prefix: entry.Item1.Length == 0 ? "" : entry.Item1 + ".", Module: (BatchNorm)entry.Item2))
            .ToList();
        if (norms.Count == 0)
        {
            return;
        }

        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        using var lent = new LentWeights(context.Model, weights);
        Pass(context, norms.ConvertAll(norm => norm.Module));
        foreach (var (prefix, norm) in norms)
        {
            weights[prefix + "running_mean"].copy_(norm.running_mean!);
            weights[prefix + "running_var"].copy_(norm.running_var!);
        }
    }

    private static void Pass(FitContext context, List<BatchNorm> norms)
    {
        using var modes = new ModuleModes(context.Model);
        var momenta = norms.ConvertAll(norm => norm.momentum);
        context.Model.eval();
        norms.ForEach(norm => norm.train());
        try
        {
            int number = 0;
            BatchLoop.ForEach(
                context.Train,
                context.EpochRequest(skipBatches: 0),
                batch =>
                {
                    number++;
                    norms.ForEach(norm => norm.momentum = 1.0 / number); // the mean of all batches so far
                    SequenceCall.Of(context.Model, batch);
                },
                CancellationToken.None
            );
        }
        finally
        {
            for (int i = 0; i < norms.Count; i++)
            {
                norms[i].momentum = momenta[i];
            }
        }
    }
}
