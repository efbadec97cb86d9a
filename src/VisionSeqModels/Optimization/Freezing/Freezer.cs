using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Applies the rules of <c>TrainerOptions.Freezing</c> to a model: <c>requires_grad</c> of parameters, modes of
/// normalisations, learning rates of the optimizer's groups. Without rules it does nothing.</summary>
/// <remarks>The optimizer holds from the start all parameters that train in any epoch, so its state has the same layout in all
/// of them. A frozen one has no gradient, and every optimizer leaves such a parameter alone.</remarks>
internal sealed class Freezer : IDisposable
{
    private readonly nn.Module _model;
    private readonly FreezePlan? _plan;
    private readonly List<NamedParameter> _parameters = [];
    private readonly List<FrozenStatistics> _statistics = [];
    private readonly HashSet<string> _trainedBefore = new(StringComparer.Ordinal);
    private IReadOnlyList<IReadOnlyList<string>> _groups = [];
    private FreezePhase? _phase;
    private FreezePhase? _modes;
    private bool _began;

    /// <param name="model">The model, on its device.</param>
    /// <param name="rules">The rules; none is fine.</param>
    /// <exception cref="ArgumentException">A rule fits nothing, unfreezes nothing, or leaves nothing to train.</exception>
    public Freezer(nn.Module model, IReadOnlyList<FreezeRule> rules)
    {
        _model = model;
        if (rules.Count == 0)
        {
            return;
        }

        _parameters = NamedParameter.Of(model);
        _statistics = FrozenStatistics.Of(model, _parameters);
        NamedParameter[] all = [.. _parameters, .. _statistics.Select(entry => entry.Stand).OfType<NamedParameter>()];
        _trainedBefore.UnionWith(all.Where(Trains).Select(parameter => parameter.Name));
        _plan = new FreezePlan(rules, all, _trainedBefore);
    }

    /// <summary>The phases of the run; null without rules.</summary>
    public IReadOnlyList<FreezePhase>? Phases => _plan?.Phases;

    /// <summary>Makes the optimizer over all parameters that train in any epoch. It leaves <c>requires_grad</c> as it
    /// is.</summary>
    public optim.Optimizer CreateOptimizer(OptimizerOptions options)
    {
        if (_plan is null)
        {
            return options.Create(_model);
        }

        Require(_plan.EverTrains);
        try
        {
            return options.Create(_model, _plan.RatesOf, out _groups);
        }
        finally
        {
            Require(_trainedBefore.Contains);
        }
    }

    /// <summary>Freezes and unfreezes where a phase begins with this epoch, or within one where the run begins.</summary>
    public void Begin(int epoch)
    {
        if (_plan?.At(epoch) is FreezePhase phase && phase != _phase)
        {
            _began = true;
            _phase = phase;
            Require(phase.Trains);
        }
    }

    /// <summary>Puts normalisations into the mode of the phase that began; call it when the model is in training mode.</summary>
    public void SetModes()
    {
        if (_phase is not null)
        {
            bool isNew = _modes != _phase;
            _modes = _phase;
            _statistics.ForEach(entry => entry.SetMode(_plan!, _phase, _trainedBefore, isNew));
        }
    }

    /// <summary>The names of the parameters that do not train in a phase.</summary>
    public IEnumerable<string> FrozenIn(FreezePhase phase) =>
        _parameters.Select(parameter => parameter.Name).Where(name => !phase.Trains(name));

    /// <summary>The learning rate that an <see cref="Unfreeze"/> gave a group of the optimizer, or null.</summary>
    public double? RateOf(int group) =>
        _phase is not null && group < _groups.Count && _phase.Rates.TryGetValue(_groups[group][0], out double rate) ? rate : null;

    /// <summary>Gives every parameter its <c>requires_grad</c> back.</summary>
    public void Dispose()
    {
        if (_began)
        {
            _began = false;
            Require(_trainedBefore.Contains);
        }
    }

    private static bool Trains(NamedParameter parameter) =>
        parameter.Value is Parameter ? parameter.Value.requires_grad : parameter.Module.training;

    private void Require(Func<string, bool> trains)
    {
        foreach (var parameter in _parameters.Where(entry => _plan!.Touches(entry.Name) && !entry.Value.IsInvalid))
        {
            bool does = trains(parameter.Name);
            parameter.Value.requires_grad = does;
            if (!does)
            {
                parameter.Value.grad = null; // with a gradient of 0, momentum and weight decay would move it
            }
        }
    }
}
