using System.Buffers.Binary;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Tensors as bytes, to be sent to another process of the same program.</summary>
internal static class TensorMessage
{
    /// <param name="tensors">On the CPU, contiguous, each below 2 GiB.</param>
    public static byte[] Write(IReadOnlyCollection<Tensor> tensors)
    {
        byte[] message = new byte[checked((int)tensors.Sum(tensor => 2 + (8 * tensor.dim()) + Bytes(tensor)))];
        var rest = message.AsSpan();
        foreach (var tensor in tensors)
        {
            rest[0] = checked((byte)tensor.dtype);
            rest[1] = checked((byte)tensor.dim());
            rest = rest[2..];
            foreach (long size in tensor.shape)
            {
                BinaryPrimitives.WriteInt64LittleEndian(rest, size);
                rest = rest[8..];
            }

            Copy(tensor, rest);
            rest = rest[(int)Bytes(tensor)..];
        }

        return message;
    }

    /// <summary>The tensors of a message, on the CPU, in the current dispose scope.</summary>
    public static List<Tensor> Read(ReadOnlySpan<byte> message)
    {
        var tensors = new List<Tensor>();
        while (message.Length > 0)
        {
            var type = (ScalarType)message[0];
            long[] shape = new long[message[1]];
            message = message[2..];
            for (int i = 0; i < shape.Length; i++)
            {
                shape[i] = BinaryPrimitives.ReadInt64LittleEndian(message);
                message = message[8..];
            }

            var tensor = empty(shape, dtype: type);
            int length = (int)Bytes(tensor);
            Fill(tensor, message[..length]);
            tensors.Add(tensor);
            message = message[length..];
        }

        return tensors;
    }

    /// <summary>Copies a tensor's elements out of it; it is on the CPU and contiguous.</summary>
    public static void Copy(Tensor from, Span<byte> to)
    {
        if (from.numel() > 0)
        {
            from.detach().bytes.CopyTo(to);
        }
    }

    /// <summary>Copies elements into a tensor, which is on the CPU and contiguous.</summary>
    public static void Fill(Tensor to, ReadOnlySpan<byte> from)
    {
        if (to.numel() > 0)
        {
            from.CopyTo(to.bytes);
        }
    }

    private static long Bytes(Tensor tensor) => tensor.numel() * tensor.element_size();
}
