using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using VisionSeqModels.Core;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The optimizer and its settings. Derive from it to bring your own.</summary>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
public abstract record OptimizerOptions
{
    /// <summary>The step size; a finite number above 0. A <see cref="LearningRateSchedule"/> scales it over time.</summary>
    public abstract double LearningRate { get; init; }

    /// <summary>Settings of their own for some parameters; default none.</summary>
    public IReadOnlyList<ParameterGroup> ParameterGroups { get; init; } = [];

    /// <summary>The name for logs and run.json, for example <c>Adam</c>.</summary>
    public virtual string Name =>
        GetType().Name.EndsWith("Options", StringComparison.Ordinal) ? GetType().Name[..^7] : GetType().Name;

    /// <summary>Makes an optimizer over the model's parameters that require gradients; it leaves out frozen ones.</summary>
    /// <param name="model">The model, already on its device: a later move would separate it from the optimizer.</param>
    /// <returns>The optimizer; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The model has no parameter to train, a parameter group fits none, or two fit the
    /// same.</exception>
    public optim.Optimizer Create(nn.Module model) => Create(model, _ => "", out _);

    /// <summary>The same with further groups.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">A text for each parameter's name: parameters of different texts get groups of their own.</param>
    /// <param name="names">The names in each group of the optimizer.</param>
    internal optim.Optimizer Create(nn.Module model, Func<string, string> part, out IReadOnlyList<IReadOnlyList<string>> names)
    {
        ArgumentNullException.ThrowIfNull(model);
        var trainable = NamedParameter.Of(model).Where(entry => entry.Value.requires_grad).ToList();
        if (trainable.Count == 0)
        {
            throw new ArgumentException(
                $"The model '{model.GetName()}' has no parameter that asks for gradients, so there is nothing to "
                    + "train. A module must register its parameters (RegisterComponents), and must not be built inside a "
                    + "dispose scope unless its parameters are detached from it.",
                nameof(model)
            );
        }

        var parts = ParameterParts.Of(this, trainable, part);
        names = [.. parts.Select(entry => entry.Names)];
        return ParameterGroups.Count == 0 && parts.Count == 1
            ? Create(parts[0].Set.Parameters)
            : CreateGrouped([.. parts.Select(entry => entry.Set)]);
    }

    /// <summary>Makes the optimizer with one group of parameters.</summary>
    /// <param name="parameters">The parameters to move; at least one.</param>
    protected abstract optim.Optimizer Create(IReadOnlyList<Parameter> parameters);

    /// <summary>Makes the optimizer with several groups of parameters; called if <see cref="ParameterGroups"/> has any, or if
    /// an <see cref="Unfreeze"/> has a learning rate of its own.</summary>
    /// <param name="sets">The groups in order, then the remaining parameters.</param>
    /// <exception cref="NotSupportedException">This optimizer has no groups.</exception>
    protected virtual optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        throw new NotSupportedException(
            $"{GetType().Name} does not support {nameof(ParameterGroups)}: override {nameof(CreateGrouped)}, or leave "
                + "the groups out, and learning rates of Unfreeze too."
        );

    /// <summary>The faults of the settings, a sentence each; empty if there are none.</summary>
    protected internal virtual IReadOnlyList<string> Faults() => CommonFaults().All;

    /// <summary>The faults that every optimizer's options can have.</summary>
    private protected OptionFaults CommonFaults()
    {
        var faults = new OptionFaults(GetType().Name)
            .Positive(nameof(LearningRate), LearningRate)
            .List(nameof(ParameterGroups), ParameterGroups);
        for (int i = 0; i < ParameterGroups?.Count; i++)
        {
            faults.Include($"{nameof(ParameterGroups)}[{i}]", ParameterGroups[i]?.Faults() ?? []);
        }

        return faults;
    }
}
