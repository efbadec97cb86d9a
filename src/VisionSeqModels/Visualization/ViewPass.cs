using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>One pass over data, as every view makes it: batch by batch, on the model's own device.</summary>
internal static class ViewPass
{
    public static BatchRequest Request(nn.Module model, ViewOptions options) =>
        new() { BatchSize = options.BatchSize, Device = ModelDevice.Of(model) };

    /// <summary>Calls <paramref name="use"/> with each batch and the place of its first sample in the data.</summary>
    /// <returns>How many samples there were.</returns>
    /// <exception cref="ArgumentException">There was none.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static long ForEach(
        nn.Module model,
        IBatchSource data,
        ViewOptions options,
        Action<Batch, long> use,
        CancellationToken cancellationToken
    )
    {
        long samples = 0;
        BatchLoop.ForEach(
            data,
            Request(model, options),
            batch =>
            {
                use(batch, samples);
                samples += batch.Count;
            },
            cancellationToken
        );
        return samples > 0
            ? samples
            : throw new ArgumentException($"The data '{data.Name}' gave no batch, so there is nothing to measure.", nameof(data));
    }

    /// <summary>Calls <paramref name="use"/> with each batch, the place of its first sample, and the scores
    /// <c>[batch, classes]</c> that the model gives in evaluation mode, without gradients.</summary>
    /// <inheritdoc cref="ForEach"/>
    public static long Scores(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        ViewOptions options,
        Action<Batch, long, Tensor> use,
        CancellationToken cancellationToken
    )
    {
        using var modes = ModuleModes.Evaluating(model);
        using var normal = inference_mode(false); // modules may keep tensors, which a later training uses
        using var noGradients = no_grad();
        return ForEach(
            model,
            data,
            options,
            (batch, first) => use(batch, first, SequenceCall.Of(model, ModelInput.Of(model, batch.Inputs), batch.Lengths)),
            cancellationToken
        );
    }
}
