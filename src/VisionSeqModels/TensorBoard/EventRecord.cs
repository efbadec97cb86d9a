using System.Buffers.Binary;
using System.Numerics;

namespace VisionSeqModels.TensorBoard;

/// <summary>TensorFlow's record framing: length, its sum, content, its sum; little endian.</summary>
internal static class EventRecord
{
    public static void Write(Stream stream, ReadOnlySpan<byte> content)
    {
        byte[] record = new byte[12 + content.Length + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedSum(record.AsSpan(0, 8)));
        content.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + content.Length), MaskedSum(content));
        stream.Write(record);
    }

    /// <summary>CRC-32C, rotated and shifted by a constant so that sums of data that holds sums stay useful.</summary>
    private static uint MaskedSum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return BitOperations.RotateRight(~sum, 15) + 0xa282ead8;
    }
}
