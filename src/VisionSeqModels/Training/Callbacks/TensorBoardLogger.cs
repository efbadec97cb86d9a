using TorchSharp;
using VisionSeqModels.Training;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Writes figures, distributions of weights, and pictures into a file for TensorBoard.</summary>
/// <remarks>Figures are named <c>loss/train</c>, <c>loss/test</c>, <c>accuracy/train</c> and so on, over epochs. Look at them with
/// <c>tensorboard --logdir</c> and the run folder.</remarks>
#pragma warning disable CA1001 // the writer lives from OnFitStart to OnFitEnd, which always comes
public sealed class TensorBoardLogger : Callback
#pragma warning restore CA1001
{
    private EventFileWriter? _writer;

    /// <summary>The folder; null (default) for the run directory, or the current directory where there is none.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether to write the distribution of each parameter after each epoch; default true.</summary>
    public bool Histograms { get; init; } = true;

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Persist;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e) => _writer = new EventFileWriter(Directory ?? e.Context.RunDirectory ?? ".");

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        int epoch = e.Record.Epoch;
        foreach (var (name, value) in e.Record.Metrics)
        {
            _writer!.WriteScalar(Tag(name), value, epoch);
        }

        _writer!.WriteScalar("learning_rate", e.Record.LearningRate, epoch);
        _writer.WriteScalar("samples_per_second", e.Record.SamplesPerSecond, epoch);
        if (Histograms)
        {
            WriteParameters(e.Context.Model, epoch);
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e)
    {
        foreach (var (name, picture) in e.Context.Pictures)
        {
            _writer?.WriteImage(name, picture, e.Context.Epoch);
        }

        _writer?.Dispose();
        _writer = null;
    }

    private void WriteParameters(nn.Module model, int epoch)
    {
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var scope = NewDisposeScope();
            var values = parameter.detach().cpu().to_type(ScalarType.Float32).contiguous();
            _writer!.WriteHistogram("weights/" + name, values.data<float>().ToArray(), epoch);
        }
    }

    /// <summary>train_loss becomes loss/train, so that both curves share a chart's group.</summary>
    private static string Tag(string metric)
    {
        int split = metric.IndexOf('_', StringComparison.Ordinal);
        return $"{metric[(split + 1)..]}/{metric[..split]}";
    }
}
