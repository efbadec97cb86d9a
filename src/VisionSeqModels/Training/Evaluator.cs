using System.Globalization;
using System.Runtime.InteropServices;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Runs a model over data in evaluation mode, without gradients.</summary>
internal sealed class Evaluator(nn.Module<Tensor, Tensor> model, TrainerOptions options, Device device, ShardRanks ranks)
{
    /// <param name="data">The data.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <param name="done">Called after each batch with its number, from 1.</param>
    public EvaluationResult Evaluate(IBatchSource data, CancellationToken cancellationToken, Action<int>? done = null)
    {
        long begin = TimeProvider.System.GetTimestamp();
        using var totals = new MetricTotals(options.Loss, options.Metrics, device, ranks.Reader);
        ForEachBatch(
            data,
            (batch, outputs) =>
            {
                var measured = MeasuredBatch.Of(model, outputs, batch.Targets, batch.Lengths);
                totals.Add(measured.Outputs, measured.Targets, measured.Count);
            },
            cancellationToken,
            done
        );
        if (totals.SampleCount == 0)
        {
            throw new ArgumentException(
                $"The data '{data.Name}' gave no batch, so there is nothing to evaluate: {NoBatch.Empty}",
                nameof(data)
            );
        }

        return new EvaluationResult
        {
            Metrics = totals.Read().ByName(""),
            SampleCount = totals.SampleCount,
            Seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds,
        };
    }

    public Tensor Predict(IBatchSource data, CancellationToken cancellationToken)
    {
        using var kept = NewDisposeScope();
        var outputs = new List<Tensor>();
        ForEachBatch(data, (_, output) => outputs.Add(output.cpu().DetachFromDisposeScope()), cancellationToken);
        try
        {
            CheckRows(outputs, data.Name);
            return outputs.Count > 0
                ? cat(outputs).MoveToOuterDisposeScope()
                : throw new ArgumentException(
                    $"The data '{data.Name}' gave no batch, so there is nothing to predict: {NoBatch.Empty}",
                    nameof(data)
                );
        }
        finally
        {
            outputs.ForEach(output => output.Dispose());
        }
    }

    public IEnumerable<Tensor> PredictBatches(IBatchSource data, CancellationToken cancellationToken)
    {
        bool draws = RandomnessAnalysis.MayDraw(model, options);
        var request = new BatchRequest
        {
            BatchSize = options.EvaluationBatchSize,
            Device = device,
            Placement = options.DataPlacement,
        };
        using var batches = data.Read(request).GetEnumerator();
        Tensor? Next(int number)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CollectionPoint.Pass();
            using var modes = ModuleModes.Evaluating(model);
            using var noGradients = no_grad();
            using var scope = NewDisposeScope();
            return Read(data, number, batches)
                ? Outputs(data, number, batches.Current, draws).cpu().MoveToOuterDisposeScope()
                : null;
        }

        for (int number = 1; Next(number) is Tensor outputs; number++)
        {
            yield return outputs;
        }
    }

    /// <summary>The outputs of all batches must have rows of one shape, to be one tensor.</summary>
    private static void CheckRows(List<Tensor> outputs, string source)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            if (outputs[i].dim() == 0 || !outputs[i].shape.AsSpan(1).SequenceEqual(outputs[0].shape.AsSpan(1)))
            {
                throw new InvalidOperationException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Predict joins the outputs of all batches, but those of batch {i + 1} of '{source}' have shape "
                            + $"{Shape.Of(outputs[i])}, and those of batch 1 {Shape.Of(outputs[0])}. "
                    ) + "Take PredictBatches, which gives each batch, or pad the data to one length."
                );
            }
        }
    }

    private static bool Read(IBatchSource data, int number, IEnumerator<Batch> batches)
    {
        try
        {
            return BatchReader.Next(batches, data.Name);
        }
        catch (UnusableBatchException e)
        {
            throw new EvaluationException(data.Name, number, $"while it was read: {e.Message}", e);
        }
    }

    private void ForEachBatch(
        IBatchSource data,
        Action<Batch, Tensor> use,
        CancellationToken cancellationToken,
        Action<int>? done = null
    )
    {
        using var modes = ModuleModes.Evaluating(model);
        using var noGradients = no_grad(); // not inference mode: tensors that user code keeps must work in training
        bool draws = RandomnessAnalysis.MayDraw(model, options);
        var request = new BatchRequest
        {
            BatchSize = options.EvaluationBatchSize,
            Device = device,
            Placement = options.DataPlacement,
        };
        using var batches = data.Read(request).GetEnumerator();
        bool more = true;
        for (int number = 1; more; number++)
        {
            if (ranks.Cancelled(new RankPlace(RankPhase.Evaluation, Number: number), cancellationToken))
            {
                throw new OperationCanceledException(cancellationToken);
            }

            CollectionPoint.Pass();
            using var scope = NewDisposeScope();
            more = Read(data, number, batches);
            if (more)
            {
                var batch = batches.Current;
                Guard(data, number, batch, () => use(batch, Outputs(batch, number, draws)));
                done?.Invoke(number);
            }
        }
    }

    private Tensor Outputs(IBatchSource data, int number, Batch batch, bool draws)
    {
        Tensor? outputs = null;
        Guard(data, number, batch, () => outputs = Outputs(batch, number, draws));
        return outputs!;
    }

    private void Guard(IBatchSource data, int number, Batch batch, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is ExternalException or TargetRangeException)
        {
            throw new EvaluationException(data.Name, number, batch, e);
        }
        catch (Exception e) when (Disposal.IsReasonOf(e))
        {
            throw new EvaluationException(data.Name, number, $"in use: {Disposal.Explain(e, model)}", e);
        }
    }

    private Tensor Outputs(Batch batch, int number, bool draws) =>
        ShardedOutputs.Of(ranks, batch, number, device, part => Outputs(part, draws));

    private Tensor Outputs(Batch batch, bool draws)
    {
        // a model of unknown kind must not take numbers from a training beside it
        using var turn = GlobalGenerator.Acquire(draws);
        return SequenceCall.Of(model, batch);
    }
}
