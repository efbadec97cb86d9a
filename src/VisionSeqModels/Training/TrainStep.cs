using System.Runtime.InteropServices;
using VisionSeqModels.Data;
using VisionSeqModels.Optimization;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>
/// One optimizer step: forward and backward over a window of batches, then clip, then move the weights. Every tensor of it
/// belongs to the dispose scope that is current; nothing in it waits for the device.
/// </summary>
internal sealed class TrainStep(FitContext context, MetricTotals totals, CallbackList callbacks)
{
    private readonly TrainerOptions _options = context.Options;
    private readonly LearningRates _rates = RatesOf(context);
    private readonly BatchNormCheck _model = new(context.Model, context.Train, context.Options);
    private readonly LowPrecision? _precision = LowPrecision.Of(context.Model, context.Options);
    private readonly bool _draws = RandomnessAnalysis.MayDraw(context.Model, context.Options);
    private ShardedStep? _sharded; // where there are shards

    /// <summary>Null where the epoch has no further batch.</summary>
    public StepResult? Run(IEnumerator<Batch> batches)
    {
        if (!BatchReader.Next(batches, context.Train.Name))
        {
            return null;
        }

        int step = context.StepInEpoch + 1;
        _ = BackwardFailure.Take(); // of somebody who caught it
        try
        {
            context.Optimizer.zero_grad();
            var result =
                _options.Shards > 1 ? Sharded(batches, step)
                : _options.GradientAccumulationSteps == 1 ? OneBatch(batches.Current, step)
                : Window(batches, step);
            callbacks.BeforeOptimizerStep(context);
            var norm = GradientClipping.Clip(context.Model, _options.ClipGradientValue, _options.ClipGradientNorm);
            _rates.Apply(context.Step, context.LearningRateScale);
            context.Optimizer.step();
            return result with { GradientNorm = norm };
        }
        catch (Exception e) when (e is ExternalException or TargetRangeException)
        {
            throw new TrainingStepException(context.Epoch, step, batches.Current, BackwardFailure.Take() ?? e);
        }
    }

    private StepResult OneBatch(Batch batch, int step)
    {
        Tensor outputs,
            loss;
        MeasuredBatch measured;
        using (_precision?.Begin())
        {
            using (Seed(step))
            {
                // all that draws random numbers; trainings beside this one wait for no more than that
                (outputs, loss, measured) = Forward(batch);
            }

            loss.backward();
        }

        totals.Add(measured.Outputs, measured.Targets, measured.Count, loss);
        return new StepResult(batch, outputs, loss, null);
    }

    /// <summary> Accumulates sums, not means, and divides once by the whole window's weight: the short last window of an
    /// epoch, and a short last batch in it, then weigh what they should. </summary>
    private StepResult Window(IEnumerator<Batch> batches, int step)
    {
        using var turn = Seed(step);
        var weights = new List<Tensor>();
        StepResult? kept = null;
        bool more = true;
        for (int i = 0; i < _options.GradientAccumulationSteps && more; i++)
        {
            using var scope = NewDisposeScope(); // activations of one batch at a time
            more = i == 0 || BatchReader.Next(batches, context.Train.Name);
            if (more)
            {
                var batch = batches.Current;
                using var pass = _precision?.Begin();
                var (outputs, loss, measured) = Forward(batch);
                var weight =
                    _options.Loss.TotalWeight(measured.Targets)
                    ?? full([], Scalars.Of((float)measured.Count), device: context.Device);
                (loss * weight).backward();
                totals.Add(measured.Outputs, measured.Targets, measured.Count, loss);
                weights.Add(weight.MoveToOuterDisposeScope());
                kept = Replace(kept, batch, outputs, loss);
            }
        }

        GradientClipping.Divide(context.Model, stack(weights).sum());
        return kept!.Value;
    }

    /// <summary>Reads the batches of the step, and computes their shards.</summary>
    private StepResult Sharded(IEnumerator<Batch> batches, int step)
    {
        var window = new List<Batch> { batches.Current };
        while (window.Count < _options.GradientAccumulationSteps && BatchReader.Next(batches, context.Train.Name))
        {
            window.Add(batches.Current);
        }

        _sharded ??= new ShardedStep(context, totals, _model, _precision, _draws);
        return _sharded.Run(window, step);
    }

    private static LearningRates RatesOf(FitContext context)
    {
        var plan = new TrainingPlan(context.Options.Epochs, context.StepsPerEpoch);
        if (
            plan.StepsPerEpoch is not null
            && context.Options.Schedule.WarmupLength(plan) is long warmup
            && warmup > plan.TotalSteps
        )
        {
            throw new ArgumentException(
                $"The warm-up of {warmup} steps is longer than the run of {plan.TotalSteps} steps, "
                    + "so the learning rate never reaches its own value. Give a shorter warm-up, or more epochs."
            );
        }

        var rates = new LearningRates(context.Optimizer, context.Options.Schedule, plan, context.Freezer);
        rates.Apply(0, scale: 1); // a schedule that cannot work with this data fails now
        return rates;
    }

    private GlobalGenerator.Lease Seed(int step) =>
        StepSeed.Begin(context.History.Seed, context.Epoch, step, context.Device, _draws);

    private (Tensor Outputs, Tensor Loss, MeasuredBatch Measured) Forward(Batch batch)
    {
        var (inputs, targets) = (batch.Inputs, batch.Targets);
        foreach (var augmentation in _options.Augmentations)
        {
            (inputs, targets) = augmentation.Apply(inputs, targets);
        }

        var outputs = LowPrecision.Call(_precision, _model, inputs, batch.Lengths);
        var measured = MeasuredBatch.Of(context.Model, outputs, targets, batch.Lengths);
        return (outputs, _options.Loss.Compute(measured.Outputs, measured.Targets), measured);
    }

    /// <summary>Keeps handles of its own on the last batch, and lets go of those on the one before.</summary>
    private static StepResult Replace(StepResult? before, Batch batch, Tensor outputs, Tensor loss)
    {
        if (before is StepResult old)
        {
            foreach (var tensor in new[] { old.Batch.Inputs, old.Batch.Targets, old.Batch.Lengths, old.Outputs, old.Loss })
            {
                tensor?.Dispose();
            }
        }

        Tensor Keep(Tensor tensor) => tensor.detach().MoveToOuterDisposeScope();
        var lengths = batch.Lengths is null ? null : Keep(batch.Lengths);
        return new StepResult(new Batch(Keep(batch.Inputs), Keep(batch.Targets), lengths), Keep(outputs), Keep(loss), null);
    }
}
