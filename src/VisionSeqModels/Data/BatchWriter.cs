using System.Runtime.InteropServices;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Makes a batch on the CPU, image by image, in one pass over the bytes, and sends it to its device. Its tensors
/// belong to the dispose scope that is current when it is made.</summary>
internal ref struct BatchWriter
{
    private readonly Device _device;
    private readonly Tensor _inputs;
    private readonly Tensor _targets;
    private readonly Span<float> _numbers;
    private readonly Span<long> _labels;
    private int _count;

    /// <summary>Begins a batch for a device.</summary>
    public BatchWriter(Device device, int size, int channels, int height, int width)
    {
        _device = device;
        _inputs = HostBuffer.Empty(device, ScalarType.Float32, size, channels, height, width);
        _targets = HostBuffer.Empty(device, ScalarType.Int64, size);
        _numbers = TensorMemory.Floats(_inputs);
        _labels = MemoryMarshal.Cast<byte, long>(_targets.bytes);
    }

    /// <summary>Gives the batch, once it is full, on its device.</summary>
    public readonly Batch Send() => new(HostBuffer.Send(_inputs, _device), HostBuffer.Send(_targets, _device));

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
