using System.Globalization;
using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Calls a model, and refuses a batch of one sample where a batch normalisation in training mode gets one value for
/// each channel: such a value has no variance, and libtorch makes the running variance NaN.</summary>
/// <remarks>It watches the first batch, to refuse at once what the last batch of each epoch would do, and every batch of one
/// sample. Other batches cost nothing.</remarks>
internal sealed class BatchNormCheck(nn.Module<Tensor, Tensor> model, IBatchSource data, TrainerOptions options)
{
    private readonly List<(string Name, BatchNorm Module)> _norms =
    [
        .. model
            .named_modules()
            .Append(("", model))
            .Where(entry => entry.Item2 is BatchNorm)
            .Select(entry => (entry.Item1, (BatchNorm)entry.Item2)),
    ];

    private bool _seen;

    public Tensor Call(Tensor inputs, Tensor? lengths = null)
    {
        if (_norms.Count == 0 || (_seen && inputs.size(0) != 1))
        {
            return SequenceCall.Of(model, inputs, lengths);
        }

        _seen = true;
        var removers = _norms.ConvertAll<Action>(norm =>
            norm.Module.register_forward_pre_hook((_, input) => Check(norm, input)).remove
        );
        try
        {
            return SequenceCall.Of(model, inputs, lengths);
        }
        finally
        {
            removers.ForEach(remove => remove());
        }
    }

    private Tensor Check((string Name, BatchNorm Module) norm, Tensor input)
    {
        if (!norm.Module.training || input.dim() < 2 || input.numel() == 0)
        {
            return input;
        }

        bool isOne = input.numel() == input.size(1);
        bool willBeOne = input.numel() == input.size(0) * input.size(1) && LastBatchIsOne;
        if (isOne || willBeOne)
        {
            throw new InvalidOperationException(
                $"A batch of one sample gives the batch normalisation '{norm.Name}' one value for each channel, which has no "
                    + $"variance. {(isOne ? $"It received {Torch.Shape.Of(input)}." : LastBatch())} Set DropLast or another "
                    + "BatchSize, or put that module into evaluation mode."
            );
        }

        return input;
    }

    /// <summary>Whether a whole epoch's last batch, or a shard of it, has one sample; false where the data does not
    /// say.</summary>
    private bool LastBatchIsOne =>
        !options.DropLast
        && data is not EnumerableSource
        && data.SampleCount is long samples
        && samples % options.BatchSize > 0
        && samples % options.BatchSize < 2 * options.Shards
        && data.CountBatches(new BatchRequest { BatchSize = options.BatchSize }) == (samples / options.BatchSize) + 1;

    private string LastBatch() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The last batch of '{data.Name}' {(options.Shards > 1 ? "has a shard of one" : "is one")}: it has "
                + $"{data.SampleCount} samples, and BatchSize is {options.BatchSize}."
        );
}
