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
            // A new tensor, made outside inference mode, so that autograd accepts it.
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

    private void ForEachBatch(IBatchSource data, Action<Batch, Tensor> use, CancellationToken cancellationToken)
    {
        using var modes = ModuleModes.Evaluating(model);
        using var inference = inference_mode();
        bool draws = RandomnessAnalysis.MayDraw(model, options);
        var request = new BatchRequest { BatchSize = options.EvaluationBatchSize, Device = device };
        int number = 0;
        BatchLoop.ForEach(
            data,
            request,
            batch =>
            {
                number++;
                try
                {
                    use(batch, Outputs(batch, draws));
                }
                catch (Exception e) when (e is ExternalException or TargetRangeException)
                {
                    throw new EvaluationException(data.Name, number, batch, e);
                }
            },
            cancellationToken
        );
    }

    private Tensor Outputs(Batch batch, bool draws)
    {
        // a model of unknown kind must not take numbers from a training beside it
        using var turn = GlobalGenerator.Acquire(draws);
        return model.call(batch.Inputs);
    }
}
