using VisionSeqModels.TensorBoard;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Writes metrics, distributions of weights, and pictures into a file for TensorBoard.</summary>
/// <remarks>Scalars are named <c>loss/train</c>, <c>loss/test</c>, <c>accuracy/train</c> and so on, over optimizer steps,
/// with the epoch as a scalar of its own; where <see cref="TrainerOptions.LogEverySteps"/> is set also
/// <c>steps/train_loss</c>. The run's settings stand in the table of hyperparameters: seed, all options of optimizer, schedule,
/// training and model, and what a study varies. Look at them with
/// <c>tensorboard --logdir</c> and the run folder.</remarks>
#pragma warning disable CA1001 // the writer lives from OnFitStart to OnFitEnd, which always comes
public sealed class TensorBoardLogger : Callback, IGrowingLog
#pragma warning restore CA1001
{
    private static readonly Dictionary<string, double> Nothing = [];
    private EventFileWriter? _writer;

    /// <summary>The folder; null (default) for the run directory, or the current directory where there is none.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether to write the distribution of each parameter after each epoch; default true.</summary>
    public bool Histograms { get; init; } = true;

    /// <summary>Whether to write the distribution of each parameter's gradient too, at the first step of each epoch;
    /// default false. It makes that step wait for the device.</summary>
    public bool GradientHistograms { get; init; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Persist;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        _writer = new EventFileWriter(e.Context.PathOf(Directory));
        if (e.Context.IsResumed)
        {
            _writer.WriteRestart(e.Context.Step + 1);
        }

        _writer.WriteHyperparameters(RunHyperparameters.Of(e.Context));
    }

    /// <inheritdoc/>
    public override void OnBeforeOptimizerStep(BeforeOptimizerStepEvent e)
    {
        if (GradientHistograms && e.Context.StepInEpoch == 0)
        {
            using var scope = NewDisposeScope();
            Write(
                "gradients/",
                e.Context.Model.named_parameters().Select(entry => (entry.name, entry.parameter.grad)),
                e.Context.Step + 1
            );
        }
    }

    /// <inheritdoc/>
    public override void OnStepEnd(StepEndEvent e)
    {
        foreach (var (name, value) in e.Logged ?? Nothing)
        {
            _writer!.WriteScalar("steps/" + name, value, e.Step);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        long step = e.Context.Step;
        foreach (var (name, value) in e.Record.Metrics)
        {
            _writer!.WriteScalar(Tag(name), value, step);
        }

        _writer!.WriteScalar("learning_rate", e.Record.LearningRate, step);
        _writer.WriteScalar("samples_per_second", e.Record.SamplesPerSecond, step);
        _writer.WriteScalar("epoch", e.Record.Epoch, step);
        if (Histograms)
        {
            WriteParameters(e.Context.Model, step);
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e)
    {
        using var writer = _writer;
        _writer = null;
        foreach (var (name, picture) in e.Context.Pictures)
        {
            writer?.WriteImage(name, picture, e.Context.Step);
        }

        writer?.WriteSessionEnd(e.Error is null);
        writer?.FlushToDisk();
    }

    /// <inheritdoc/>
    void IGrowingLog.FlushToDisk() => _writer?.FlushToDisk();

    private void WriteParameters(nn.Module model, long step) =>
        Write("weights/", model.named_parameters().Select(entry => (entry.name, (Tensor?)entry.parameter)), step);

    private void Write(string prefix, IEnumerable<(string Name, Tensor? Values)> tensors, long step)
    {
        foreach (var (name, tensor) in tensors)
        {
            if (tensor is not null)
            {
                using var scope = NewDisposeScope();
                var values = tensor.detach().cpu().to_type(ScalarType.Float32).contiguous();
                _writer!.WriteHistogram(prefix + name, values.data<float>().ToArray(), step);
            }
        }
    }

    /// <summary>train_loss becomes loss/train, so that both curves are in one group of charts.</summary>
    private static string Tag(string metric)
    {
        int split = metric.IndexOf('_', StringComparison.Ordinal);
        return $"{metric[(split + 1)..]}/{metric[..split]}";
    }
}
