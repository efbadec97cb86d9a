using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>The outputs of a model for the shards of a batch, each computed alone.</summary>
internal static class ShardedOutputs
{
    /// <param name="ranks">Who computes which shards.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="number">Which batch it is, from 1.</param>
    /// <param name="device">Where the outputs are to be.</param>
    /// <param name="forward">Applies the model to a part of the batch.</param>
    /// <returns>The outputs of all samples in order, in the current dispose scope.</returns>
    public static Tensor Of(ShardRanks ranks, Batch batch, int number, Device device, Func<Batch, Tensor> forward)
    {
        if (ranks.Shards == 1)
        {
            return forward(batch);
        }

        int active = Math.Min(ranks.Shards, batch.Count);
        var mine = ranks
            .Of(ranks.Rank, active)
            .Select(shard => forward(ShardSplit.Of(batch, ranks.Shards, shard)!.Value))
            .ToList();
        var place = new RankPlace(RankPhase.Evaluation, Number: number);
        var all = ranks.Gather(place, mine, new BatchDigest([batch], inputsToo: number == 1), device);
        return cat([.. all.SelectMany(outputs => outputs)]);
    }
}
