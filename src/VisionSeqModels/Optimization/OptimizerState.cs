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

        MakeContiguous(helper);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        helper.save_state_dict(writer);
        writer.Flush();
        return stream.ToArray();
    }

    public static void Load(optim.Optimizer optimizer, byte[] bytes, Device device)
    {
        var helper = (OptimizerHelper)optimizer;
        MakeContiguous(helper);
        using var scope = NewDisposeScope();
        using var reader = new OptimizerStateReader(bytes);
        helper.load_state_dict(reader);
        if (device.type != DeviceType.CPU)
        {
            helper.to(device);
        }

        scope.Detach(scope.DisposablesView.ToList()); // the loaded tensors belong to the optimizer, not to the scope
    }

    /// <summary>TorchSharp saves and loads contiguous tensors alone. The means of a transposed parameter are not, until
    /// here.</summary>
    private static void MakeContiguous(OptimizerHelper helper)
    {
        foreach (var state in helper.state_dict().State)
        {
            switch (state)
            {
                case TorchSharp.Modules.Adam.State adam:
                    MakeContiguous(ref adam.exp_avg, ref adam.exp_avg_sq);
                    MakeContiguous(ref adam.max_exp_avg_sq);
                    break;
                case TorchSharp.Modules.AdamW.State adamW:
                    MakeContiguous(ref adamW.exp_avg, ref adamW.exp_avg_sq);
                    MakeContiguous(ref adamW.max_exp_avg_sq);
                    break;
                case NAdam.State nAdam:
                    MakeContiguous(ref nAdam.exp_avg, ref nAdam.exp_avg_sq);
                    break;
                case RAdam.State rAdam:
                    MakeContiguous(ref rAdam.exp_avg, ref rAdam.exp_avg_sq);
                    break;
                case RMSProp.State rmsProp:
                    MakeContiguous(ref rmsProp.square_avg, ref rmsProp.momentum_buffer);
                    MakeContiguous(ref rmsProp.grad_avg);
                    break;
                case Adagrad.State adagrad:
                    MakeContiguous(ref adagrad.sum);
                    break;
                case TorchSharp.Modules.SGD.State sgd:
                    MakeContiguous(ref sgd.momentum_buffer);
                    break;
            }
        }
    }

    private static void MakeContiguous(ref Tensor first, ref Tensor second)
    {
        MakeContiguous(ref first);
        MakeContiguous(ref second);
    }

    private static void MakeContiguous(ref Tensor tensor)
    {
        if (tensor?.is_contiguous() == false)
        {
            using var before = tensor;
            tensor = before.contiguous().DetachFromDisposeScope();
        }
    }
}
