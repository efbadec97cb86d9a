using System.Globalization;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Says what became NaN or infinite in a run, and why as far as the data shows it.</summary>
internal sealed class NonFiniteReport(FitContext context, FiniteCheck finite)
{
    private const string Advice = "A lower learning rate or ClipGradientNorm often helps.";

    public Tensor? Flag() => finite.Flag();

    public string Message(MetricSums sums)
    {
        string? tensor = finite.First();
        string what =
            !double.IsFinite(sums.MeanLoss)
                ? string.Create(CultureInfo.InvariantCulture, $"The training loss became {sums.MeanLoss}")
            : tensor?.StartsWith("buffer", StringComparison.Ordinal) == true ? "A buffer became NaN or infinite"
            : "A weight became NaN or infinite";
        string where = tensor is null ? "" : $" The first such tensor of the model is the {tensor}.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what} in epoch {context.Epoch}, by step {context.Step}.{where} {FaultOfData() ?? Advice}"
        );
    }

    /// <summary>Reads the epoch's batches again up to the current one; a source that cannot be read again shows
    /// nothing.</summary>
    private string? FaultOfData()
    {
        string? fault = null;
        int number = 0;
        long last = (long)context.StepInEpoch * context.Options.GradientAccumulationSteps;
        bool Look(Batch batch)
        {
            fault = ++number <= last ? Fault(batch, number) : null;
            return fault is null && number < last;
        }

        try
        {
            using var noGradients = no_grad();
            BatchLoop.While(context.Train, context.EpochRequest(skipBatches: 0), Look, CancellationToken.None);
        }
        catch (Exception)
        {
            return null; // the run ends for the reason above, whatever the source says now
        }

        return fault;
    }

    private string? Fault(Batch batch, int number)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"Batch {number} of the epoch (of '{context.Train.Name}')");
        return HasNonFinite(batch.Inputs) ? $"{place} has NaN or infinite inputs. Correct the data or leave these samples out."
            : HasNonFinite(batch.Targets) ? $"{place} has NaN or infinite targets. Correct the data or leave these samples out."
            : HasNoWeight(batch) ? $"{place} has only samples of class weight 0, so its loss is 0/0. Give larger class weights."
            : null;
    }

    private static bool HasNonFinite(Tensor tensor) =>
        tensor.is_floating_point() && new HostReader().Numbers([tensor.isfinite().all()])[0] == 0;

    private bool HasNoWeight(Batch batch) =>
        context.Options.Loss.TotalWeight(batch.Targets) is Tensor weight && new HostReader().Numbers([weight])[0] == 0;
}
