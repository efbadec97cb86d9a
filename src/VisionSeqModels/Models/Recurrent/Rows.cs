using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>The values of a contiguous float32 tensor on the CPU where they lie, as rows of vectors. The tensor must be kept while they are used.</summary>
/// <param name="tensor">Any shape; the last dimension is a row, a whole number of vectors.</param>
internal readonly ref struct Rows(Tensor tensor)
{
    private readonly Span<Vector<float>> _all = MemoryMarshal.Cast<byte, Vector<float>>(tensor.bytes);
    private readonly int _width = (int)tensor.size(-1) / Vector<float>.Count;

    public int Count => _all.Length / _width;

    public Span<Vector<float>> this[int row] => _all.Slice(row * _width, _width);
}
