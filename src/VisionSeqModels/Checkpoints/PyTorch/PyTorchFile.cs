using System.IO.Compression;
using VisionSeqModels.Core;

namespace VisionSeqModels.Checkpoints;

/// <summary>Reads the tensors of files that <c>torch.save</c> wrote. It never runs anything that they say.</summary>
internal static class PyTorchFile
{
    private const int HeadBytes = 300;
    private static readonly string[] Extensions = [".pth", ".pt", ".ckpt", ".bin"];

    /// <summary>Whether a file is one of PyTorch's, or one that bears such a name, rather than a safetensors file.</summary>
    public static bool IsOne(string path)
    {
        using var stream = Open(path);
        byte[] head = Head(stream);
        if (head is [_, _, _, _, _, _, _, _, (byte)'{', ..])
        {
            return false; // the header of a safetensors file
        }

        return IsZip(head)
            || head is [0x80, >= 2 and <= 5, ..]
            || Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Reads one dict of tensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entry">The dict within a checkpoint, or null to find it.</param>
    /// <exception cref="InvalidDataException">The file is not sound, or holds more than tensors and containers.</exception>
    public static WeightsContent Read(string path, string? entry)
    {
        using var stream = Open(path);
        return Read(stream, path, entry);
    }

    /// <summary>The same of a stream, which can seek; the path is for messages.</summary>
    public static WeightsContent Read(Stream stream, string path, string? entry)
    {
        try
        {
            byte[] head = Head(stream);
            stream.Position = 0;
            if (IsZip(head))
            {
                using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
                return Build(PyTorchArchive.Read(archive, stream.Length), entry);
            }

            return head switch
            {
                [0x80, ..] => Build(PyTorchLegacyFile.Read(stream), entry),
                _ when head.AsSpan().IndexOf("ustar"u8) == 257 => throw new FormatException(
                    "it is a tar file of a PyTorch before 0.2. Save it again with a newer one."
                ),
                _ => throw new FormatException("it begins like none of PyTorch's files."),
            };
        }
        // What .NET's zip reader throws at a damaged file, and what the stream throws at a short one, is among these.
        catch (Exception e)
            when (e
                    is FormatException
                        or InvalidDataException
                        or EndOfStreamException
                        or ArgumentException
                        or NotSupportedException
            )
        {
            throw new InvalidDataException($"'{path}' cannot be read as a file of PyTorch: {e.Message}", e);
        }
    }

    private static WeightsContent Build(PyTorchSource source, string? entry)
    {
        var (name, tensors) = PyTorchEntries.Choose(source.Root, entry);
        return new WeightsContent(PyTorchTensors.Read(source, tensors), name);
    }

    private static bool IsZip(byte[] head) => head is [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..];

    private static Stream Open(string path) => FileSystem.Current.OpenRead(path);

    private static byte[] Head(Stream stream)
    {
        byte[] head = new byte[HeadBytes];
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }
}
