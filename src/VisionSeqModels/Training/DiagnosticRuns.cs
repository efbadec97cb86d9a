using System.Runtime.InteropServices;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Optimization;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Short trainings that try something out and leave no trace in the model.</summary>
internal sealed class DiagnosticRuns(nn.Module<Tensor, Tensor> model, TrainerOptions options, Device device)
{
    private const double Smoothing = 0.9;
    private const double Diverged = 4; // times the lowest smoothed loss, as fastai's finder
    private readonly LowPrecision? _precision = LowPrecision.Of(model, options);

    public OverfitResult OverfitOneBatch(IBatchSource data, int steps, double targetRatio)
    {
        using var kept = new ModelStateScope(model);
        using var scope = NewDisposeScope();
        model.eval(); // dropout off, normalisation fixed: the same batch must give the same loss
        using var freezer = new Freezer(model, options.Freezing);
        using var optimizer = freezer.CreateOptimizer(options.Optimizer);
        freezer.Begin(epoch: 1);
        using var batches = Endless(data).GetEnumerator();
        BatchReader.Next(batches, data.Name);
        var batch = batches.Current;
        var losses = new List<Tensor>();
        var watched = new BatchNormCheck(model, data, options);
        for (int i = 0; i <= steps; i++)
        {
            losses.Add(i < steps ? Step(optimizer, watched, batch, i + 1) : Loss(batch));
        }

        return new OverfitResult { Losses = new HostReader().Numbers(losses), TargetRatio = targetRatio };
    }

    public LearningRateRange RangeTest(
        IBatchSource data,
        double start,
        double end,
        int steps,
        CancellationToken cancellationToken
    )
    {
        using var kept = new ModelStateScope(model);
        ModuleModes.Training(model);
        using var freezer = new Freezer(model, options.Freezing);
        using var optimizer = freezer.CreateOptimizer(options.Optimizer);
        freezer.Begin(epoch: 1);
        freezer.SetModes();
        var groups = optimizer
            .ParamGroups.Select(
                (group, i) => (Group: group, Scale: (freezer.RateOf(i) ?? group.LearningRate) / options.Optimizer.LearningRate)
            )
            .ToList();
        List<double> rates = [],
            losses = [],
            smoothed = [];
        double mean = 0;
        var watched = new BatchNormCheck(model, data, options);
        using var batches = Endless(data).GetEnumerator();
        foreach (
            double rate in Enumerable
                .Range(0, steps)
                .Select(i => start * Math.Pow(end / start, (double)i / (steps - 1)))
                .TakeWhile(_ => !HasDiverged(smoothed))
        )
        {
            cancellationToken.ThrowIfCancellationRequested();
            groups.ForEach(entry => entry.Group.LearningRate = rate * entry.Scale);
            double loss = NextLoss(optimizer, watched, batches, data.Name, rates.Count + 1);
            mean = (Smoothing * mean) + ((1 - Smoothing) * loss);
            rates.Add(rate);
            losses.Add(loss);
            smoothed.Add(mean / (1 - Math.Pow(Smoothing, rates.Count)));
        }

        return new LearningRateRange
        {
            LearningRates = rates,
            Losses = losses,
            SmoothedLosses = smoothed,
        };
    }

    private double NextLoss(
        optim.Optimizer optimizer,
        BatchNormCheck watched,
        IEnumerator<Batch> batches,
        string source,
        int step
    )
    {
        using var scope = NewDisposeScope();
        BatchReader.Next(batches, source);
        return new HostReader().Numbers([Step(optimizer, watched, batches.Current, step)])[0];
    }

    private static bool HasDiverged(List<double> smoothed) =>
        smoothed.Count > 0 && (!double.IsFinite(smoothed[^1]) || smoothed[^1] > Diverged * smoothed.Min());

    private Tensor Step(optim.Optimizer optimizer, BatchNormCheck watched, Batch batch, int step)
    {
        using var scope = NewDisposeScope();
        using var turn = StepSeed.Begin(options.Seed ?? 0, epoch: 1, step, device, draws: true);
        try
        {
            optimizer.zero_grad();
            Tensor loss;
            using (_precision?.Begin())
            {
                loss = LossOf(LowPrecision.Call(_precision, watched, batch.Inputs, batch.Lengths), batch);
                loss.backward();
            }

            optimizer.step();
            return loss.detach().MoveToOuterDisposeScope();
        }
        catch (Exception e) when (e is ExternalException or TargetRangeException)
        {
            throw new TrainingStepException(epoch: 1, step, batch, e);
        }
    }

    private Tensor Loss(Batch batch)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        return LossOf(SequenceCall.Of(model, batch), batch).MoveToOuterDisposeScope();
    }

    private Tensor LossOf(Tensor outputs, Batch batch)
    {
        var measured = MeasuredBatch.Of(model, outputs, batch.Targets, batch.Lengths);
        return options.Loss.Compute(measured.Outputs, measured.Targets);
    }

    private IEnumerable<Batch> Endless(IBatchSource data)
    {
        for (int epoch = 1; ; epoch++)
        {
            bool any = false;
            var request = new BatchRequest
            {
                BatchSize = options.BatchSize,
                Device = device,
                Placement = options.DataPlacement,
                Shuffle = options.Shuffle,
                DropLast = options.DropLast,
                Seed = options.Seed ?? 0,
                Epoch = epoch,
            };
            foreach (var batch in data.Read(request))
            {
                any = true;
                yield return batch;
            }

            if (!any)
            {
                throw new ArgumentException($"The data '{data.Name}' gave no batch, so there is nothing to try: {NoBatch.Empty}");
            }
        }
    }
}
