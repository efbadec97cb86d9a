using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>A data set's tensors on one device; makes batches there.</summary>
internal sealed class DeviceImages : IDisposable
{
    private readonly Tensor _pixels;
    private readonly Tensor _labels;
    private readonly Tensor _scale;
    private readonly Tensor _offset;
    private readonly Device _device;

    public DeviceImages(Tensor pixels, Tensor labels, ImageNormalization normalization, Device device)
    {
        _device = device;
        using (NewDisposeScope())
        {
            // no copy on the same device, but a handle of our own
            _pixels = pixels.to(device).alias().DetachFromDisposeScope();
            _labels = labels.to(device).alias().DetachFromDisposeScope();
        }

        (_scale, _offset) = normalization.Tensors(device);
    }

    public Tensor Order(long[] order) => tensor(order, device: _device).DetachFromDisposeScope();

    /// <summary>Makes one batch; its tensors belong to the current dispose scope. Without an order the samples come in stored
    /// order.</summary>
    public Batch Gather(Tensor? order, long begin, long size)
    {
        if (order is null)
        {
            using var stored = _pixels.narrow(0, begin, size);
            using var labels = _labels.narrow(0, begin, size);
            return new Batch(Normalize(stored), labels.clone());
        }

        using var index = order.narrow(0, begin, size);
        using var pixels = _pixels.index_select(0, index);
        return new Batch(Normalize(pixels), _labels.index_select(0, index));
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _labels.Dispose();
        _scale.Dispose();
        _offset.Dispose();
    }

    private Tensor Normalize(Tensor pixels)
    {
        using var scope = NewDisposeScope(); // some in-place operations return one more handle, some the same
        var inputs = pixels.to_type(ScalarType.Float32);
        inputs.mul_(_scale);
        inputs.AddInPlace(_offset);
        return inputs.MoveToOuterDisposeScope();
    }
}
