using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionSeqModels.Data;
using VisionSeqModels.Runtime;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Trains, evaluates and applies any module that turns one tensor into one tensor.</summary>
/// <remarks>
/// A trainer holds settings and callbacks, no state of a run: it can fit one model after another. It never writes to the console, and
/// leaves no tensor behind but the model's own. One fit at a time per trainer; use one thread for a fit and all that belongs to it.
/// </remarks>
public sealed class Trainer
{
    private readonly ILogger _logger;

    /// <summary>Checks the options and makes a trainer.</summary>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="logger">Where to log to; null for nowhere.</param>
    /// <exception cref="InvalidOptionsException">Options out of range; the message names every one.</exception>
    public Trainer(TrainerOptions? options = null, ILogger? logger = null)
    {
        Options = options ?? new TrainerOptions();
        Options.Validate();
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>The settings.</summary>
    public TrainerOptions Options { get; }

    /// <summary>What happens besides training, in the order of adding; see <see cref="Callback"/>.</summary>
    public IList<Callback> Callbacks { get; } = [];

    /// <summary>Trains a model.</summary>
    /// <param name="model">Any module; it is moved to the device, trained in training mode, and given back in the modes it came in.</param>
    /// <param name="train">The training data.</param>
    /// <param name="test">Data to evaluate on after each epoch, or null.</param>
    /// <param name="cancellationToken">Looked at between steps; a cancelled run returns its history with <see cref="StopReason.Cancelled"/>.</param>
    /// <returns>The figures of each epoch and why training ended.</returns>
    /// <exception cref="CallbackException">A callback threw.</exception>
    /// <exception cref="TrainingStepException">libtorch refused a step; the message has epoch, step and shapes.</exception>
    /// <exception cref="IOException">The run directory holds a run already, or cannot be written to.</exception>
    public TrainingHistory Fit(
        nn.Module<Tensor, Tensor> model, IBatchSource train, IBatchSource? test = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        TorchRuntime.EnsureAvailable();
        var callbacks = RunFolderCallbacks.Complete(Callbacks, Options.RunDirectory);
        using var fit = new FitLoop(model, train, test, Options, callbacks, _logger);
        return fit.Run(cancellationToken);
    }

    /// <summary>Measures loss and metrics with the model in evaluation mode; nothing of the model changes but its device.</summary>
    /// <param name="model">The model; it is moved to the trainer's device.</param>
    /// <param name="data">The data; every sample is used once.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public EvaluationResult Evaluate(nn.Module<Tensor, Tensor> model, IBatchSource data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        return new Evaluator(model, Options, DeviceFor(model)).Evaluate(data, cancellationToken);
    }

    /// <summary>Applies the model, in evaluation mode, without gradients.</summary>
    /// <param name="model">The model; it is moved to the trainer's device.</param>
    /// <param name="data">The data; its targets are not looked at.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>The outputs of all samples in order, on the CPU, for classification scores <c>[samples, classes]</c>; they belong to the
    /// current dispose scope, else to the caller.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Tensor Predict(nn.Module<Tensor, Tensor> model, IBatchSource data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        return new Evaluator(model, Options, DeviceFor(model)).Predict(data, cancellationToken);
    }

    private Device DeviceFor(nn.Module model)
    {
        TorchRuntime.EnsureAvailable();
        var device = Devices.Resolve(Options.Device);
        ModelDevice.Move(model, device);
        return device;
    }
}
