using TorchSharp.Modules;
using VisionSeqModels.Core;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The optimizer and its settings. Derive from it to bring your own.</summary>
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
    /// <exception cref="ArgumentException">The model has no parameter to train, or a parameter group fits none.</exception>
    public optim.Optimizer Create(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var trainable = model.named_parameters().Where(entry => entry.parameter.requires_grad).ToList();
        if (trainable.Count == 0)
        {
            throw new ArgumentException(
                $"The model '{model.GetName()}' has no parameter that asks for gradients, so there is nothing to "
                    + "train. A module must register its parameters (RegisterComponents), and must not be built inside a "
                    + "dispose scope unless its parameters are detached from it.",
                nameof(model)
            );
        }

        return ParameterGroups.Count == 0
            ? Create([.. trainable.Select(entry => entry.parameter)])
            : CreateGrouped(Sets(trainable));
    }

    /// <summary>Makes the optimizer with one group of parameters.</summary>
    /// <param name="parameters">The parameters to move; at least one.</param>
    protected abstract optim.Optimizer Create(IReadOnlyList<Parameter> parameters);

    /// <summary>Makes the optimizer with several groups of parameters; called if <see cref="ParameterGroups"/> has
    /// any.</summary>
    /// <param name="sets">The groups in order, then the remaining parameters.</param>
    /// <exception cref="NotSupportedException">This optimizer has no groups.</exception>
    protected virtual optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        throw new NotSupportedException(
            $"{GetType().Name} does not support {nameof(ParameterGroups)}: override {nameof(CreateGrouped)}, or leave "
                + "the groups out."
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

    private List<ParameterSet> Sets(IReadOnlyList<(string name, Parameter parameter)> trainable)
    {
        var sets = new List<ParameterSet>();
        foreach (
            var (group, members) in ParameterGroups.Select(group =>
                (group, trainable.Where(entry => First(entry.name) == group).ToList())
            )
        )
        {
            if (members.Count == 0)
            {
                throw new ArgumentException(
                    $"The parameter group '{group.Parameters}' fits no trainable parameter that an earlier group has "
                        + $"not taken. There are: {string.Join(", ", trainable.Select(entry => entry.name))}."
                );
            }

            sets.Add(
                new ParameterSet(
                    [.. members.Select(entry => entry.parameter)],
                    LearningRate * group.LearningRateFactor,
                    group.WeightDecay
                )
            );
        }

        List<Parameter> rest = [.. trainable.Where(entry => First(entry.name) is null).Select(entry => entry.parameter)];
        return rest.Count == 0 ? sets : [.. sets, new ParameterSet(rest, LearningRate, WeightDecay: null)];
    }

    private ParameterGroup? First(string name) => ParameterGroups.FirstOrDefault(group => group.Fits(name));
}
