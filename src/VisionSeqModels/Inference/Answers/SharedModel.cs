using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>A model that answers on any number of threads at once. Whoever disposes it waits for those that are
/// answering.</summary>
/// <param name="loaded">The model, in evaluation mode, and what its file says; this object owns it.</param>
/// <param name="owner">Whose name stands in messages.</param>
internal sealed class SharedModel(LoadedModel loaded, Type owner) : IDisposable
{
    private readonly object _gate = new();
    private readonly bool _takesPlain = TakesPlain(loaded.Model);
    private int _uses;
    private bool _isDisposed;

    /// <summary>Takes a file's model to a device, for good.</summary>
    public static SharedModel Of(LoadedModel loaded, string device, Type owner)
    {
        try
        {
            loaded.Model.to(Devices.Resolve(device));
            loaded.Model.eval();
            return new SharedModel(loaded, owner);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    public ModelDescription Description => loaded.Description;

    public ModelOutput Output => (loaded.Model as IConfiguredModel)?.Output ?? ModelOutput.Classes;

    public nn.Module<Tensor, Tensor> Model => loaded.Model;

    /// <summary>Runs the model on inputs that the function makes on the CPU, and gives its outputs on the CPU.</summary>
    /// <param name="input">Makes the inputs and, of sequences of several lengths, the lengths.</param>
    /// <returns>The values, and their shape <c>[batch, …]</c>.</returns>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public (float[] Values, long[] Shape) Run(Func<(Tensor Inputs, Tensor? Lengths)> input)
    {
        Enter();
        try
        {
            using var scope = NewDisposeScope(); // scopes and no_grad belong to the thread
            using var noGradients = no_grad();
            var (inputs, lengths) = input();
            var there = _takesPlain ? inputs : ModelInput.Of(loaded.Model, inputs);
            var outputs = lengths is null ? loaded.Model.call(there) : ((ISequenceModel)loaded.Model).forward(there, lengths);
            bool isPlain =
                outputs.dtype == ScalarType.Float32 && outputs.device_type == DeviceType.CPU && outputs.is_contiguous();
            var plain = isPlain ? outputs : outputs.to(ScalarType.Float32).cpu().contiguous();
            return (plain.data<float>().ToArray(), outputs.shape);
        }
        finally
        {
            Leave();
        }
    }

    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public void ThrowIfDisposed()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, owner);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            while (_uses > 0)
            {
                Monitor.Wait(_gate);
            }
        }

        loaded.Dispose();
    }

    /// <summary>Whether inputs in float32 on the CPU are what the model takes.</summary>
    private static bool TakesPlain(nn.Module model) =>
        model.parameters().FirstOrDefault(parameter => parameter.is_floating_point())
            is { dtype: ScalarType.Float32, device_type: DeviceType.CPU };

    private void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, owner);

            _uses++;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _uses--;
            Monitor.PulseAll(_gate);
        }
    }
}
