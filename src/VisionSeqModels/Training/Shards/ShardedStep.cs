using System.Runtime.InteropServices;
using VisionSeqModels.Data;
using VisionSeqModels.Optimization;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>
/// The gradients of one optimizer step over shards. Each shard of the step's batches is computed alone, with random numbers of
/// its own; what the shards give is added in their order. So the result does not depend on which rank computes which shard.
/// </summary>
internal sealed class ShardedStep(
    FitContext context,
    MetricTotals totals,
    BatchNormCheck model,
    LowPrecision? precision,
    bool draws
)
{
    private readonly TrainerOptions _options = context.Options;
    private readonly ShardRanks _ranks = context.Ranks;
    private bool _hasBegun;

    /// <summary>Forward and backward over all batches of the step, in the step's dispose scope.</summary>
    public StepResult Run(IReadOnlyList<Batch> batches, int step)
    {
        int active = Math.Min(_ranks.Shards, batches.Max(batch => batch.Count));
        var state = new ShardState(context.Model);
        var sum = new OrderedSum(_ranks, active);
        var mine = new List<ShardLoss>();
        foreach (int shard in _ranks.Of(_ranks.Rank, active))
        {
            state.Begin();
            var parts = Parts(batches, shard);
            mine.AddRange(Backward(parts, step, shard));
            sum.Add(state.Row(parts.Sum(part => part.Count), isFirst: shard == 0));
        }

        var shards = Gather(state, batches, active, mine, step);
        var total = sum.Total(state.RowLength, state.RowType, context.Device);
        state.End(total, batches.Sum(batch => batch.Count));
        GradientClipping.Divide(context.Model, stack([.. shards.Select(shard => shard.Loss.Weight)]).sum());
        return Measure(batches, shards);
    }

    private List<Batch> Parts(IReadOnlyList<Batch> batches, int shard) =>
        [.. batches.Select(batch => ShardSplit.Of(batch, _ranks.Shards, shard)).OfType<Batch>()];

    /// <summary>Adds up the gradients of a shard over the batches of the step: sums, not means.</summary>
    private List<ShardLoss> Backward(List<Batch> parts, int step, int shard)
    {
        var losses = new List<ShardLoss>();
        using var turn = StepSeed.Begin(context.History.Seed, context.Epoch, step, shard, context.Device, draws);
        foreach (var part in parts)
        {
            using var scope = NewDisposeScope(); // activations of one part at a time
            try
            {
                losses.Add(Backward(part));
            }
            catch (Exception e) when (e is ExternalException or TargetRangeException)
            {
                throw new TrainingStepException(context.Epoch, step, part, BackwardFailure.Take() ?? e);
            }
        }

        return losses;
    }

    private ShardLoss Backward(Batch part)
    {
        var (inputs, targets) = (part.Inputs, part.Targets);
        foreach (var augmentation in _options.Augmentations)
        {
            (inputs, targets) = augmentation.Apply(inputs, targets);
        }

        using var pass = precision?.Begin();
        var outputs = LowPrecision.Call(precision, model, inputs, part.Lengths);
        var measured = MeasuredBatch.Of(context.Model, outputs, targets, part.Lengths);
        var loss = _options.Loss.Compute(measured.Outputs, measured.Targets);
        var weight =
            _options.Loss.TotalWeight(measured.Targets) ?? full([], Scalars.Of((float)measured.Count), device: context.Device);
        (loss * weight).backward();
        Tensor Keep(Tensor tensor) => tensor.detach().MoveToOuterDisposeScope();
        return new ShardLoss(Keep(loss), Keep(weight), Keep(outputs), SendsTargets ? Keep(targets) : null);
    }

    /// <summary>Augmentations may change targets, at random.</summary>
    private bool SendsTargets => _options.Augmentations.Count > 0;

    /// <summary>What all shards gave, in their order, each with the number of its batch.</summary>
    private List<(int Batch, ShardLoss Loss)> Gather(
        ShardState state,
        IReadOnlyList<Batch> batches,
        int active,
        List<ShardLoss> mine,
        int step
    )
    {
        var digest = new BatchDigest(batches, inputsToo: !_hasBegun);
        _hasBegun = true;
        var all = _ranks.Gather(
            new RankPlace(RankPhase.Step, context.Epoch, step),
            _ranks.IsAlone ? [] : [.. state.Facts(context.Device), .. mine.SelectMany(loss => loss.Tensors)],
            digest,
            context.Device
        );
        var shards = new List<(int, ShardLoss)>();
        int own = 0;
        int count = ShardLoss.CountOfTensors(SendsTargets);
        for (int rank = 0; rank < _ranks.Size; rank++)
        {
            int at = state.CountOfFacts(withFirstShard: rank == 0);
            foreach (int shard in _ranks.Of(rank, active))
            {
                foreach (int number in Enumerable.Range(0, batches.Count).Where(i => HasShard(batches[i], shard)))
                {
                    shards.Add((number, _ranks.IsAlone ? mine[own++] : ShardLoss.Of(all[rank].GetRange(at, count))));
                    at += count;
                }
            }
        }

        if (!_ranks.IsAlone)
        {
            state.Take(all, _ranks.Reader);
        }

        return shards;
    }

    private bool HasShard(Batch batch, int shard) => ShardSplit.Part(batch.Count, _ranks.Shards, shard).Count > 0;

    /// <summary>Adds loss and metrics of each batch as a whole.</summary>
    private StepResult Measure(IReadOnlyList<Batch> batches, List<(int Batch, ShardLoss Loss)> shards)
    {
        using var noGradients = no_grad();
        StepResult last = default;
        for (int number = 0; number < batches.Count; number++)
        {
            var own = shards.Where(shard => shard.Batch == number).Select(shard => shard.Loss).ToList();
            var weights = stack([.. own.Select(shard => shard.Weight)]);
            var losses = stack([.. own.Select(shard => shard.Loss)]);
            var weight = weights.sum();
            var loss = (losses * weights).sum() / weight.Plus(weight.eq(Scalars.Zero));
            var outputs = cat([.. own.Select(shard => shard.Outputs)]);
            var targets = SendsTargets ? cat([.. own.Select(shard => shard.Targets!)]) : batches[number].Targets;
            var measured = MeasuredBatch.Of(context.Model, outputs, targets, batches[number].Lengths);
            totals.Add(measured.Outputs, measured.Targets, measured.Count, loss);
            last = new StepResult(batches[number], outputs, loss, null);
        }

        return last;
    }
}
