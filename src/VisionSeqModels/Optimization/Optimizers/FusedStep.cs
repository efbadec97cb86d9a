using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Decides whether an optimizer's parameters move by one operation of libtorch: where all are float32 or float64,
/// contiguous, on one GPU. On the CPU the optimizers' own ways are faster.</summary>
/// <remarks>The operation is tried on copies first. One that fails there is not used, and the reason is reported once: the
/// optimizer then goes parameter by parameter.</remarks>
internal sealed class FusedStep(Action<Tensor> trial)
{
    private int _known = -1;
    private bool _fits;

    /// <summary>Receives the reason where a GPU's parameters go one by one.</summary>
    public Action<string>? Report { get; set; }

    /// <summary>Whether the parameters of these groups move together; looked at again when there are more.</summary>
    public bool Fits(IList<ParamGroup> groups)
    {
        int count = groups.Sum(group => group.Parameters.Count());
        if (count != _known)
        {
            _known = count;
            _fits = count > 0 && Look([.. groups.SelectMany(group => group.Parameters)]);
        }

        return _fits;
    }

    /// <summary>Sets the gradients to 0 in one call, where the parameters move together.</summary>
    /// <returns>Whether they do.</returns>
    public bool TryZeroGradients(IList<ParamGroup> groups)
    {
        if (!Fits(groups))
        {
            return false;
        }

        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var gradients = groups.SelectMany(group => group.Parameters).Select(parameter => parameter.grad).OfType<Tensor>();
        if (gradients.ToArray() is { Length: > 0 } all)
        {
            TorchScripts.Call("zero", (object)all);
        }

        return true;
    }

    private bool Look(Parameter[] parameters)
    {
        var (type, device) = (parameters[0].dtype, parameters[0].device);
        bool fits =
            device.type == DeviceType.CUDA || (device.type == DeviceType.CPU && HostDevice.IsRemote)
                ? Array.TrueForAll(
                    parameters,
                    parameter =>
                        parameter.dtype == type
                        && type is ScalarType.Float32 or ScalarType.Float64
                        && parameter.device.ToString() == device.ToString()
                        && parameter.is_contiguous()
                )
                : false;
        if (!fits)
        {
            return false;
        }

        if (!TorchScripts.Exist)
        {
            Report?.Invoke("this version of TorchSharp was not tried with them");
            return false;
        }

        try
        {
            using var noGradients = no_grad();
            using var scope = NewDisposeScope();
            trial(zeros([1], dtype: type, device: device));
            return true;
        }
        catch (ExternalException e)
        {
            Report?.Invoke(LibtorchError.Of(e));
            return false;
        }
    }
}
