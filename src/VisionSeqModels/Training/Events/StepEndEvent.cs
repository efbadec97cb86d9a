using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>What <see cref="Callback.OnStepEnd"/> receives.</summary>
public readonly struct StepEndEvent
{
    internal StepEndEvent(FitContext context, StepResult result, IReadOnlyDictionary<string, double>? logged)
    {
        Context = context;
        Batch = result.Batch;
        Outputs = result.Outputs;
        Loss = result.Loss;
        GradientNorm = result.GradientNorm;
        Logged = logged;
    }

    /// <summary>The run: model, options, history, and the way to ask for its end.</summary>
    public FitContext Context { get; }

    /// <summary>Optimizer steps done in the whole run, this one included.</summary>
    public long Step => Context.Step;

    /// <summary>Optimizer steps done in this epoch, this one included.</summary>
    public int StepInEpoch => Context.StepInEpoch;

    /// <summary>The batch of the step, where gradients are accumulated its last one; borrowed.</summary>
    public Batch Batch { get; }

    /// <summary>What the model gave for <see cref="Batch"/>, before the weights moved; borrowed.</summary>
    public Tensor Outputs { get; }

    /// <summary>The mean loss over <see cref="Batch"/>, a tensor without dimensions on the device; borrowed.</summary>
    public Tensor Loss { get; }

    /// <summary>The norm of all gradients together before clipping, a tensor without dimensions on the device, borrowed;
    /// null where <see cref="TrainerOptions.ClipGradientNorm"/> is not set.</summary>
    public Tensor? GradientNorm { get; }

    /// <summary>After every <see cref="TrainerOptions.LogEverySteps"/> steps the mean metrics of those steps
    /// (<c>train_loss</c> and so on), on the host; else null.</summary>
    public IReadOnlyDictionary<string, double>? Logged { get; }
}
