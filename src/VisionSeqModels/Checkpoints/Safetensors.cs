using System.Buffers.Binary;
using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>Reads and writes the safetensors format: named tensors and text, no code.</summary>
/// <remarks>Format: 8 bytes of header length (little endian), a JSON header with each tensor's dtype, shape and byte range,
/// then the bytes. See the safetensors project's format description. Python's <c>safetensors</c> package reads and writes
/// the same files.</remarks>
public static class Safetensors
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Tensors on the CPU and the file's metadata; the caller disposes the result, and with it the tensors.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file breaks the format; the message says where.</exception>
    public static SafetensorsContent Read(string path) => Read(path, TensorBytes.UsualPiece);

    /// <summary>The same in pieces of at most so many bytes.</summary>
    internal static SafetensorsContent Read(string path, int pieceBytes)
    {
        using var stream = FileSystem.Current.OpenRead(path);
        var header = SafetensorsHeader.Read(stream, path);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (var entry in header.Entries) // in the order of their bytes, without gaps
            {
                var tensor = empty(entry.Shape, dtype: entry.Type, device: CPU).DetachFromDisposeScope();
                tensors.Add(entry.Name, tensor);
                TensorBytes.Visit(tensor, piece => Fill(piece, stream, entry, path), pieceBytes);
            }

            return new SafetensorsContent(tensors, header.Metadata);
        }
        catch (Exception e)
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }

            if (e is EndOfStreamException)
            {
                throw new InvalidDataException($"'{path}' became shorter while it was read. Copy the file again.", e);
            }

            throw;
        }
    }

    /// <summary>Writes tensors in their order, under their names. The file is whole or absent.</summary>
    /// <param name="path">The file; one that is there is replaced. Missing folders are created.</param>
    /// <param name="tensors">Names and tensors, on any device; each name once.</param>
    /// <param name="metadata">Text to keep with them, or null.</param>
    /// <exception cref="ArgumentException">A name occurs twice, a tensor was disposed or has a dtype that the format lacks, or
    /// there are no tensors, but a file to replace. Nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    ) => Write(path, tensors, metadata, TensorBytes.UsualPiece);

    /// <summary>The same in pieces of at most so many bytes.</summary>
    internal static void Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata,
        int pieceBytes
    )
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var all = tensors.ToList();
        RequireSound(path, all);
        byte[] header = SafetensorsHeader.Encode(all, metadata);
        AtomicFile.Write(
            path,
            stream =>
            {
                Span<byte> length = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
                stream.Write(length);
                stream.Write(header);
                foreach (var (_, tensor) in all)
                {
                    using var scope = NewDisposeScope();
                    TensorBytes.Visit(tensor.detach().cpu().contiguous(), piece => stream.Write(piece), pieceBytes);
                }
            }
        );
    }

    /// <summary>Refuses tensors that were disposed, and no tensors at all in the place of a file.</summary>
    private static void RequireSound(string path, List<KeyValuePair<string, Tensor>> tensors)
    {
        var gone = tensors.Where(entry => entry.Value.IsInvalid).Select(entry => entry.Key).ToList();
        if (gone.Count > 0)
        {
            throw new ArgumentException(
                $"'{path}' was not written: the tensors {string.Join(", ", gone)} were disposed. Write them before.",
                nameof(tensors)
            );
        }

        if (tensors.Count == 0 && File.Exists(path))
        {
            throw new ArgumentException(
                $"There are no tensors to write, so nothing replaces '{path}'. Delete that file first, or give another path.",
                nameof(tensors)
            );
        }
    }

    private static void Fill(Span<byte> piece, Stream stream, SafetensorsEntry entry, string path)
    {
        stream.ReadExactly(piece);
        if (entry.Type == ScalarType.Bool && piece.ContainsAnyExcept((byte)0, (byte)1))
        {
            throw new InvalidDataException(
                $"'{path}' is not a sound safetensors file: tensor '{entry.Name}' of dtype BOOL has a byte other than 0 and 1."
            );
        }
    }
}
