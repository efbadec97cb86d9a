using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>The parameters that the optimizer does not have, because they did not ask for gradients when training began. One
/// that asks later would never move: that is refused.</summary>
internal sealed class FrozenParameters(nn.Module model, optim.Optimizer optimizer)
{
    private readonly HashSet<string> _names =
    [
        .. model
            .named_parameters()
            .ExceptBy(optimizer.parameters().Select(parameter => parameter.Handle), entry => entry.parameter.Handle)
            .Select(entry => entry.name),
    ];

    /// <exception cref="InvalidOperationException">One asks for gradients now, and the optimizer lacks it.</exception>
    public void Check()
    {
        foreach (var (name, parameter) in _names.Count == 0 ? [] : model.named_parameters())
        {
            if (
                _names.Contains(name)
                && parameter.requires_grad
                && !optimizer.parameters().Any(other => other.Handle == parameter.Handle)
            )
            {
                throw new InvalidOperationException(
                    $"The parameter '{name}' asks for gradients now, but did not when training began, so the optimizer would "
                        + $"never move it. Add new Unfreeze(\"{name}\") to TrainerOptions.Freezing, or give it to "
                        + "FitContext.Optimizer by add_param_group."
                );
            }
        }
    }
}
