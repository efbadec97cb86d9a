namespace VisionSeqModels.Optimization;

/// <summary>Which parameters train in which epoch, and with which learning rate: the rules, applied to the names of a
/// model.</summary>
internal sealed class FreezePlan
{
    private readonly List<FreezePhase> _phases;
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);

    /// <param name="rules">The rules; at least one.</param>
    /// <param name="parameters">What a rule can choose: all parameters, and a running mean for each normalisation without
    /// parameters.</param>
    /// <param name="trained">The names of those that train without any rule.</param>
    /// <exception cref="ArgumentException">A rule fits nothing, unfreezes nothing, or leaves nothing to train.</exception>
    public FreezePlan(IReadOnlyList<FreezeRule> rules, IReadOnlyList<NamedParameter> parameters, IReadOnlySet<string> trained)
    {
        _phases = [new FreezePhase(1, trained, new Dictionary<string, double>(StringComparer.Ordinal))];
        foreach (var epoch in rules.GroupBy(rule => rule.FromEpoch).OrderBy(group => group.Key))
        {
            var phase = epoch.Aggregate(
                _phases[^1] with
                {
                    FromEpoch = epoch.Key,
                },
                (last, rule) => Apply(rule, parameters, last)
            );
            if (!parameters.Any(parameter => parameter.Value is TorchSharp.Modules.Parameter && phase.Trains(parameter.Name)))
            {
                throw new ArgumentException(
                    $"TrainerOptions.Freezing leaves no parameter to train from epoch {epoch.Key} on. Let Freeze leave some out, "
                        + "or add an Unfreeze from that epoch."
                );
            }

            if (epoch.Key == 1)
            {
                _phases.Clear();
            }

            _phases.Add(phase);
        }
    }

    public IReadOnlyList<FreezePhase> Phases => _phases;

    /// <summary>Whether a rule chose it.</summary>
    public bool Touches(string name) => _touched.Contains(name);

    public bool EverTrains(string name) => _phases.Exists(phase => phase.Trains(name));

    public FreezePhase At(int epoch) => _phases.FindLast(phase => phase.FromEpoch <= epoch) ?? _phases[0];

    /// <summary>Its learning rates of its own over the run; parameters of the same text share a group of the
    /// optimizer.</summary>
    public string RatesOf(string name) =>
        _phases.Exists(phase => phase.Rates.ContainsKey(name))
            ? string.Join(';', _phases.Select(phase => phase.Rates.TryGetValue(name, out double rate) ? $"{rate:r}" : "-"))
            : "";

    private FreezePhase Apply(FreezeRule rule, IReadOnlyList<NamedParameter> parameters, FreezePhase last)
    {
        string title = $"The {rule.GetType().Name} of '{rule.Parameters}' from epoch {rule.FromEpoch} on";
        var chosen = parameters.Where(rule.Fits).ToList();
        if (chosen.Count == 0)
        {
            throw new ArgumentException($"{title} fits no parameter. There are: {NamedParameter.Names(parameters)}.");
        }

        var changed = chosen.Where(parameter => last.Trains(parameter.Name) == rule is Freeze).ToList();
        if (changed.Count == 0 && rule is Unfreeze)
        {
            throw new ArgumentException(
                $"{title} finds no frozen parameter: {NamedParameter.Names(chosen)} train already. Freeze them first, or give "
                    + "them a learning rate of their own in a ParameterGroup."
            );
        }

        var trained = new HashSet<string>(last.Trained, StringComparer.Ordinal);
        var rates = new Dictionary<string, double>(last.Rates, StringComparer.Ordinal);
        _touched.UnionWith(chosen.Select(parameter => parameter.Name));
        foreach (var parameter in changed)
        {
            _ = rule is Freeze ? trained.Remove(parameter.Name) : trained.Add(parameter.Name);
            rates.Remove(parameter.Name);
            if (rule is Unfreeze { LearningRate: double rate })
            {
                rates[parameter.Name] = rate;
            }
        }

        return new FreezePhase(rule.FromEpoch, trained, rates);
    }
}
