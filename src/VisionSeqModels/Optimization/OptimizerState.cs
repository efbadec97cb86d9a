using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>An optimizer's memory (momenta, step counts) as bytes, in TorchSharp's own format; matching is by the order of
/// parameters.</summary>
internal static class OptimizerState
{
    /// <summary>Null for an optimizer that cannot tell, such as LBFGS.</summary>
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

        scope.Detach(scope.DisposablesView.ToList()); // what was loaded is the optimizer's, not the scope's
    }
}
