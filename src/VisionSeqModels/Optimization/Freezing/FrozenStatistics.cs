using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>A module with running statistics, such as a batch normalisation, and what it is frozen by: all its parameters
/// together, or a stand-in for them where it has none.</summary>
internal sealed class FrozenStatistics
{
    private readonly nn.Module _module;
    private readonly List<string> _names;

    private FrozenStatistics(nn.Module module, IEnumerable<NamedParameter> parameters, NamedParameter? stand)
    {
        _module = module;
        Stand = stand;
        _names = [.. parameters.Append(stand ?? default).Select(parameter => parameter.Name).OfType<string>()];
    }

    /// <summary>Its running mean, where it has no parameters; else null.</summary>
    public NamedParameter? Stand { get; }

    public static List<FrozenStatistics> Of(nn.Module model, IReadOnlyList<NamedParameter> parameters)
    {
        var found = new List<FrozenStatistics>();
        foreach (var (name, module) in model.named_modules().Append(("", model)))
        {
            var mean = module
                .named_buffers(recurse: false)
                .FirstOrDefault(buffer => buffer.name is "running_mean" or "running_var");
            if (mean.buffer is not null)
            {
                var own = parameters.Where(parameter => ReferenceEquals(parameter.Module, module)).ToList();
                string full = name.Length == 0 ? mean.name : $"{name}.{mean.name}";
                found.Add(new FrozenStatistics(module, own, own.Count == 0 ? new(full, mean.buffer, module) : null));
            }
        }

        return found;
    }

    /// <summary>Sets the mode where the rules say so.</summary>
    /// <param name="plan">The rules.</param>
    /// <param name="phase">The phase under way.</param>
    /// <param name="trainedBefore">What trained without any rule.</param>
    /// <param name="isNew">Whether the phase is new here: only then a module comes back into training mode.</param>
    public void SetMode(FreezePlan plan, FreezePhase phase, IReadOnlySet<string> trainedBefore, bool isNew)
    {
        if (!_names.Exists(plan.Touches))
        {
            return;
        }

        if (IsFrozen(phase.Trained))
        {
            _module.eval();
        }
        else if (
            isNew
            && (
                IsFrozen(trainedBefore)
                || plan.Phases.TakeWhile(earlier => earlier != phase).Any(earlier => IsFrozen(earlier.Trained))
            )
        )
        {
            _module.train();
        }
    }

    private bool IsFrozen(IReadOnlySet<string> trained) => !_names.Exists(trained.Contains);
}
