using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace VisionSeqModels.Checkpoints;

/// <summary>PyTorch's format before version 1.6: five pickles (a magic number, a version, the system, the value, the keys of
/// the storages), then each storage: its number of elements, and its bytes.</summary>
internal static class PyTorchLegacyFile
{
    private const long CurrentVersion = 1001;
    private const long LargestPickle = 1 << 26;
    private static readonly BigInteger Magic = BigInteger.Parse(
        "1950a86a20f9469cfc6c",
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture
    );

    /// <exception cref="FormatException">It is not sound, or no such file.</exception>
    public static PyTorchSource Read(Stream stream)
    {
        var none = new Dictionary<string, PickleStorage>(StringComparer.Ordinal);
        var storages = new Dictionary<string, PickleStorage>(StringComparer.Ordinal);
        var input = new PickleInput(stream, Math.Min(stream.Length, LargestPickle));
        if (PickleMachine.Read(input, none) is not BigInteger magic || magic != Magic)
        {
            throw new FormatException(
                "it is a pickle, but none of torch.save. In Python, save the weights by it: "
                    + "torch.save(model.state_dict(), 'weights.pth')."
            );
        }

        if (PickleMachine.Read(input, none) is not CurrentVersion)
        {
            throw new FormatException(
                "it has another version of the format before PyTorch 1.6. Save it again with a newer PyTorch."
            );
        }

        bool isBigEndian =
            PickleMachine.Read(input, none) is PickleDict system
            && system.Entries.Any(entry => entry is { Key: "little_endian", Value: false });
        object? root = PickleMachine.Read(input, storages);
        if (PickleMachine.Read(input, none) is not List<object?> keys)
        {
            throw new FormatException("it lacks the list of its storages.");
        }

        var positions = Positions(stream, input.Position, keys, storages);
        return new PyTorchSource(root, isBigEndian, (storage, read) => Read(stream, positions, storage, read));
    }

    private static Dictionary<string, long> Positions(
        Stream stream,
        long position,
        List<object?> keys,
        Dictionary<string, PickleStorage> storages
    )
    {
        byte[] count = new byte[sizeof(long)];
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (object? key in keys)
        {
            if (
                key is not string name
                || !storages.TryGetValue(name, out var storage)
                || !positions.TryAdd(name, position + count.Length)
            )
            {
                throw new FormatException("its list of storages is not that of its tensors.");
            }

            stream.Position = position;
            stream.ReadExactly(count);
            long elements = BinaryPrimitives.ReadInt64LittleEndian(count);
            position += count.Length;
            if (elements != storage.Elements || storage.Bytes > stream.Length - position)
            {
                throw new FormatException(
                    $"a storage of it has {elements} elements in {stream.Length - position} bytes instead of {storage.Elements} "
                        + $"of dtype {storage.Type}."
                );
            }

            position += storage.Bytes;
        }

        return positions;
    }

    private static void Read(Stream stream, Dictionary<string, long> positions, PickleStorage storage, Action<Stream> read)
    {
        stream.Position = positions.TryGetValue(storage.Key, out long position)
            ? position
            : throw new FormatException("its list of storages is not that of its tensors.");
        read(stream);
    }
}
