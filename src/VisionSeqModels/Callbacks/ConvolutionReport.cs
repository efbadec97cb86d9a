using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>At the end of training, draws the filters of the first convolution and the statistics of every convolution's
/// activations over the test data.</summary>
/// <remarks> Files: <c>conv1_weights.png</c>, <c>activations.png</c>, <c>activations.json</c>. A model without
/// two-dimensional convolutions, or a run that failed, gets none. Activations are measured over the test data, or the
/// training data where there is none, and left out where training was cancelled. </remarks>
public sealed class ConvolutionReport : Callback
{
    private string _directory = "";

    /// <summary>The folder; null (default) for the run directory, or the current directory where there is none.</summary>
    public string? Directory { get; init; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Report;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e) => _directory = e.Context.PathOf(Directory);

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e)
    {
        if (e.Error is not null || e.History.Epochs.Count == 0 || !e.Context.Model.modules().Any(module => module is Conv2d))
        {
            return;
        }

        var data = e.Context.Test ?? e.Context.Train;
        var (name, convolution) = First(e.Context.Model, data);
        var filters = FilterGrid.Draw(
            convolution,
            new FilterGridOptions { Title = $"{name}: weights after epoch {e.History.Epochs[^1].Epoch}" }
        );
        Save(e.Context, filters, "conv1_weights");
        if (e.History.StopReason != StopReason.Cancelled)
        {
            var options = new ActivationStatisticsOptions { BatchSize = Math.Min(256, e.Context.Options.EvaluationBatchSize) };
            var activations = ActivationStatistics.Measure(e.Context.Model, data, options);
            activations.Save(Path.Combine(_directory, "activations.json"));
            Save(e.Context, activations.Draw(), "activations");
        }
    }

    /// <summary>The convolution that runs first.</summary>
    private static (string Name, Conv2d Module) First(nn.Module<Tensor, Tensor> model, IBatchSource data)
    {
        using var scope = NewDisposeScope();
        var batch = data.Read(new BatchRequest { BatchSize = 1, Device = ModelDevice.Of(model) }).First();
        using var trace = ForwardTrace.OfOutputs(model, batch.Inputs.narrow(0, 0, 1));
        return trace.Calls.Where(call => call.Module is Conv2d).Select(call => (call.Name, (Conv2d)call.Module)).First();
    }

    private void Save(FitContext context, Picture picture, string name)
    {
        picture.SavePng(Path.Combine(_directory, name + ".png"));
        context.Publish(name, picture);
    }
}
