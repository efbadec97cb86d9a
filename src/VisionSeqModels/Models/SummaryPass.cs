using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>One pass of a model that lists its layers.</summary>
internal sealed class SummaryPass
{
    private readonly record struct Seen(long[] OutputShape, int Calls, long? MultiplyAdds);

    private readonly Dictionary<nn.Module, Seen> _seen = [];
    private readonly List<nn.Module> _order = [];
    private readonly Dictionary<ModuleCall, Tensor> _inputs = [];

    private SummaryPass() { }

    public static List<LayerSummary> Run(nn.Module<Tensor, Tensor> model, long[] inputShape)
    {
        var pass = new SummaryPass();
        pass.Watch(model, inputShape);
        return pass.List(model);
    }

    private void Watch(nn.Module<Tensor, Tensor> model, long[] inputShape)
    {
        using var modes = ModuleModes.Evaluating(model);
        using var normal = inference_mode(false); // modules may keep tensors, which a later training uses
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        using var hooks = new ModuleHooks(ModuleHooks.All(model), Enter, Leave);
        model.call(ModelInput.Of(model, zeros(inputShape)));
    }

    private Tensor Enter(ModuleCall call, Tensor input)
    {
        if (call.Number == 1)
        {
            _order.Add(call.Module);
        }

        _inputs[call] = input;
        return input;
    }

    private Tensor Leave(ModuleCall call, Tensor output)
    {
        long? cost = LayerCosts.MultiplyAddsOf(call.Module, _inputs[call], output);
        _seen[call.Module] = _seen.TryGetValue(call.Module, out var before)
            ? before with
            {
                Calls = call.Number,
                MultiplyAdds = before.MultiplyAdds + cost,
            }
            : new Seen(output.shape, 1, cost);
        return output;
    }

    private List<LayerSummary> List(nn.Module model)
    {
        var names = ModuleHooks
            .All(model)
            .DistinctBy(entry => entry.Module)
            .ToDictionary(entry => entry.Module, entry => entry.Name);
        var counted = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
        var rows = _order.Concat(names.Keys.Except(_order)).Select(module => Row(names[module], module, counted)).ToList();
        return model.parameters(recurse: false).Any() ? [Row("", model, counted), .. rows] : rows;
    }

    private LayerSummary Row(string name, nn.Module module, HashSet<Parameter> counted)
    {
        var own = module.parameters(recurse: false).ToList();
        var first = own.Where(counted.Add).ToList();
        bool ran = _seen.TryGetValue(module, out var seen);
        return new LayerSummary(
            name,
            module.GetType().Name,
            ran ? seen.OutputShape : null,
            first.Sum(parameter => parameter.numel()),
            first.Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel())
        )
        {
            CallCount = seen.Calls,
            MultiplyAdds =
                ran ? seen.MultiplyAdds
                : own.Count == 0 ? 0
                : null,
            KernelSize = LayerCosts.KernelOf(module),
            Depth = name.Count(letter => letter == '.'),
            SharesParameters = first.Count < own.Count,
        };
    }
}
