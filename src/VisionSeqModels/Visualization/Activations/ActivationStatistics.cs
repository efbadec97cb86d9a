using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Measures what layers of a model give over a whole data set: means, spreads, distributions, zeros, dead
/// channels.</summary>
/// <remarks> One pass, a batch at a time, in evaluation mode and without gradients; memory does not grow with the data.
/// Sums are in float64 and merged exactly but for rounding (Chan, Golub and LeVeque 1979); histograms have bins of a power
/// of two, so that their counts do not depend on the order or the size of batches. Only modules that the model runs with
/// <c>call</c> can be seen. </remarks>
public static class ActivationStatistics
{
    /// <summary>Runs a data set through a model and gathers the statistics.</summary>
    /// <param name="model">The model, on any device; its modes, hooks, gradients and weights are afterwards as before.</param>
    /// <param name="data">The data; each sample is used once, in stored order.</param>
    /// <param name="options">Which layers, batch size; null for the defaults.</param>
    /// <returns>Plain figures: nothing to dispose.</returns>
    /// <exception cref="ArgumentException">A layer's name is unknown, or the model has no two-dimensional convolution and
    /// no layer was named.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static ActivationReport Collect(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        ActivationStatisticsOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new ActivationStatisticsOptions();
        options.Validate();
        var layers = ProbedLayers.Choose(model, options.Layers);
        var totals = layers.Select(layer => new LayerTotals(layer.Name, layer.Title, options.MaximumBins)).ToList();
        long samples;
        using (var probe = new ModelProbe(model))
        {
            foreach (var (layer, total) in layers.Zip(totals))
            {
                probe.Watch(layer.Module, total.Add);
            }

            samples = RunAll(
                probe,
                data,
                new BatchRequest { BatchSize = options.BatchSize, Device = ModelDevice.Of(model) },
                options.CancellationToken
            );
        }

        return new ActivationReport
        {
            Source = data.Name,
            SampleCount = samples,
            Layers = [.. totals.Select(total => total.Build())],
        };
    }

    private static long RunAll(ModelProbe probe, IBatchSource data, BatchRequest request, CancellationToken cancellationToken)
    {
        long samples = 0;
        BatchLoop.ForEach(
            data,
            request,
            batch =>
            {
                probe.Run(batch.Inputs);
                samples += batch.Count;
            },
            cancellationToken
        );
        return samples;
    }
}
