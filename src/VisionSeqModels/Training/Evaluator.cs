using System.Runtime.InteropServices;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Runs a model over data in evaluation mode, without gradients.</summary>
internal sealed class Evaluator(nn.Module<Tensor, Tensor> model, TrainerOptions options, Device device, HostReader reader)
{
    public EvaluationResult Evaluate(IBatchSource data, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        using var totals = new MetricTotals(options.Loss, options.Metrics, device, reader);
        ForEachBatch(data, (batch, outputs) => totals.Add(outputs, batch.Targets, batch.Count), cancellationToken);
        if (totals.SampleCount == 0)
        {
            throw new ArgumentException($"The data '{data.Name}' gave no batch, so there is nothing to evaluate.", nameof(data));
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
            return outputs.Count > 0
                ? cat(outputs).MoveToOuterDisposeScope()
                : throw new ArgumentException(
                    $"The data '{data.Name}' gave no batch, so there is nothing to predict.",
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
        var request = new BatchRequest { BatchSize = options.EvaluationBatchSize, Device = device };
        using var batches = data.Read(request).GetEnumerator();
        Tensor? Next(int number)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var modes = ModuleModes.Evaluating(model);
            using var noGradients = no_grad();
            using var scope = NewDisposeScope();
            return batches.MoveNext() ? Outputs(data, number, batches.Current, draws).cpu().MoveToOuterDisposeScope() : null;
        }

        for (int number = 1; Next(number) is Tensor outputs; number++)
        {
            yield return outputs;
        }
    }

    private void ForEachBatch(IBatchSource data, Action<Batch, Tensor> use, CancellationToken cancellationToken)
    {
        using var modes = ModuleModes.Evaluating(model);
        using var noGradients = no_grad(); // not inference mode: tensors that user code keeps must work in training
        bool draws = RandomnessAnalysis.MayDraw(model, options);
        var request = new BatchRequest { BatchSize = options.EvaluationBatchSize, Device = device };
        int number = 0;
        BatchLoop.ForEach(
            data,
            request,
            batch =>
            {
                number++;
                Guard(data, number, batch, () => use(batch, Outputs(batch, draws)));
            },
            cancellationToken
        );
    }

    private Tensor Outputs(IBatchSource data, int number, Batch batch, bool draws)
    {
        Tensor? outputs = null;
        Guard(data, number, batch, () => outputs = Outputs(batch, draws));
        return outputs!;
    }

    private static void Guard(IBatchSource data, int number, Batch batch, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is ExternalException or TargetRangeException)
        {
            throw new EvaluationException(data.Name, number, batch, e);
        }
    }

    private Tensor Outputs(Batch batch, bool draws)
    {
        // a model of unknown kind must not take numbers from a training beside it
        using var turn = GlobalGenerator.Acquire(draws);
        return model.call(batch.Inputs);
    }
}
