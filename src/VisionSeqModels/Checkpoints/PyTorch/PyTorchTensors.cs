using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>Builds tensors over the storages of a PyTorch file. Tensors of one storage have one memory, as they did.</summary>
internal static class PyTorchTensors
{
    /// <returns>Tensors on the CPU; the caller disposes them.</returns>
    /// <exception cref="FormatException">A storage is missing or of another size.</exception>
    public static Dictionary<string, Tensor> Read(PyTorchSource source, IReadOnlyDictionary<string, TensorReference> references)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var storages = new Dictionary<PickleStorage, Tensor>();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, reference) in references)
        {
            if (!storages.TryGetValue(reference.Storage, out var storage))
            {
                storages.Add(reference.Storage, storage = Storage(source, reference.Storage));
            }

            tensors.Add(name, storage.as_strided(reference.Sides, reference.Strides, reference.Offset));
        }

        foreach (var tensor in tensors.Values)
        {
            tensor.DetachFromDisposeScope();
        }

        return tensors;
    }

    private static Tensor Storage(PyTorchSource source, PickleStorage storage)
    {
        Tensor? tensor = null;
        source.Read(
            storage,
            stream =>
            {
                tensor = empty([storage.Elements], dtype: storage.Type, device: CPU); // its size was compared with the file's
                TensorBytes.Visit(tensor, piece => Fill(piece, stream, storage, source.IsBigEndian));
            }
        );
        return tensor!;
    }

    private static void Fill(Span<byte> piece, Stream stream, PickleStorage storage, bool isBigEndian)
    {
        stream.ReadExactly(piece);
        if (storage.Type == ScalarType.Bool && piece.ContainsAnyExcept((byte)0, (byte)1))
        {
            throw new FormatException("a storage of dtype Bool has a byte other than 0 and 1.");
        }

        if (isBigEndian)
        {
            Reverse(piece, storage.ElementSize);
        }
    }

    private static void Reverse(Span<byte> bytes, int elementSize)
    {
        switch (elementSize)
        {
            case sizeof(short):
                var shorts = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case sizeof(int):
                var integers = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(integers, integers);
                break;
            case sizeof(long):
                var longs = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                break;
        }
    }
}
