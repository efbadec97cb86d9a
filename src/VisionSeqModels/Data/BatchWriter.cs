using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Makes a batch on the CPU, image by image, in one pass over the bytes. Its tensors belong to the dispose scope
/// that is current when it is made.</summary>
internal ref struct BatchWriter
{
    private readonly Tensor _inputs;
    private readonly Tensor _targets;
    private readonly Span<float> _numbers;
    private readonly Span<long> _labels;
    private int _count;

    public BatchWriter(int size, int channels, int height, int width)
    {
        _inputs = empty(size, channels, height, width);
        _targets = empty(size, dtype: ScalarType.Int64);
        _numbers = TensorMemory.Floats(_inputs);
        _labels = MemoryMarshal.Cast<byte, long>(_targets.bytes);
    }

    /// <summary>The batch, once it is full.</summary>
    public readonly Batch On(Device device) =>
        device.type == DeviceType.CPU ? new(_inputs, _targets) : new(_inputs.to(device), _targets.to(device));

    /// <summary>Adds an image.</summary>
    /// <param name="pixels">Its bytes, channel after channel.</param>
    /// <param name="label">Its class.</param>
    /// <param name="scale">The factor of each channel.</param>
    /// <param name="offset">The summand of each channel.</param>
    public void Add(ReadOnlySpan<byte> pixels, long label, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset)
    {
        PixelKernel.Normalize(pixels, _numbers.Slice(_count * pixels.Length, pixels.Length), scale, offset);
        _labels[_count++] = label;
    }
}
