using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>An optimizer's state (momenta, step counts) as bytes, in TorchSharp's own format. Parameters are matched by their
/// order.</summary>
internal static class OptimizerState
{
    /// <summary>Null for an optimizer that cannot save its state, such as LBFGS.</summary>
    public static byte[]? Save(optim.Optimizer optimizer)
    {
        if (optimizer is not OptimizerHelper helper)
        {
            return null;
        }

        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        helper.save_state_dict(writer);
        writer.Flush();
        return stream.ToArray();
    }

    public static void Load(optim.Optimizer optimizer, byte[] bytes, Device device)
    {
        var helper = (OptimizerHelper)optimizer;
        using var scope = NewDisposeScope();
        using var reader = new OptimizerStateReader(bytes);
        helper.load_state_dict(reader);
        if (device.type != DeviceType.CPU)
        {
            helper.to(device);
        }

        scope.Detach(scope.DisposablesView.ToList()); // the loaded tensors belong to the optimizer, not to the scope
    }
}
