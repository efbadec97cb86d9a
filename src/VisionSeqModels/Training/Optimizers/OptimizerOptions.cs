using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Which optimizer moves the weights, and its settings. Derive from it to bring your own.</summary>
public abstract record OptimizerOptions
{
    /// <summary>The step size; a finite number above 0.</summary>
    public abstract double LearningRate { get; init; }

    /// <summary>The name for logs and run.json, for example <c>Adam</c>.</summary>
    public virtual string Name => GetType().Name.EndsWith("Options", StringComparison.Ordinal) ? GetType().Name[..^7] : GetType().Name;

    /// <summary>Makes an optimizer over the model's parameters that ask for gradients; frozen ones are left out.</summary>
    /// <param name="model">The model, already on its device: moving it afterwards would part it from the optimizer.</param>
    /// <returns>The optimizer; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The model has no parameter to train.</exception>
    public optim.Optimizer Create(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var trainable = model.parameters().Where(parameter => parameter.requires_grad).ToList();
        return trainable.Count > 0
            ? Create(trainable)
            : throw new ArgumentException(
                $"The model '{model.GetName()}' has no parameter that asks for gradients, so there is nothing to train. A module must register " +
                "its parameters (RegisterComponents), and must not be built inside a dispose scope unless its parameters are detached from it.",
                nameof(model));
    }

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to move; at least one.</param>
    protected abstract optim.Optimizer Create(IReadOnlyList<Parameter> parameters);

    /// <summary>Says what is wrong with the settings, a sentence each; nothing where all is well.</summary>
    protected internal virtual IReadOnlyList<string> Faults() =>
        new OptionFaults(GetType().Name).Positive(nameof(LearningRate), LearningRate).All;
}
