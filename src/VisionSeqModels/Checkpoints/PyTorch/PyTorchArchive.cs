using System.IO.Compression;
using VisionSeqModels.Core;

namespace VisionSeqModels.Checkpoints;

/// <summary>PyTorch's format since version 1.6: a zip file with a pickle and a record for each storage, none of them
/// compressed.</summary>
/// <remarks>Nothing is unpacked to a folder: an entry's name is a key and never a path.</remarks>
internal static class PyTorchArchive
{
    private const string Pickle = "data.pkl";
    private const long LargestPickle = 1 << 26;

    /// <exception cref="FormatException">It is another kind of zip file, or not sound.</exception>
    public static PyTorchSource Read(ZipArchive archive, long fileLength)
    {
        var entries = Entries(archive);
        string root = Root(entries.Keys);
        if (
            entries.ContainsKey(root + "constants.pkl")
            || entries.Keys.Any(name => name.StartsWith(root + "code/", StringComparison.Ordinal))
        )
        {
            throw new FormatException(
                "it is a TorchScript program. In Python, save its weights: "
                    + "torch.save(torch.jit.load('model.pt').state_dict(), 'weights.pth')."
            );
        }

        var pickle = entries[root + Pickle];
        RequireStored(pickle);
        if (pickle.Length > LargestPickle)
        {
            throw new FormatException($"its pickle has {pickle.Length} bytes; the most is {LargestPickle}.");
        }

        var storages = new Dictionary<string, PickleStorage>(StringComparer.Ordinal);
        using var stream = pickle.Open();
        object? value = PickleMachine.Read(new PickleInput(stream, pickle.Length), storages);
        RequireRoom(storages.Values, fileLength);
        return new PyTorchSource(
            value,
            IsBigEndian(entries.GetValueOrDefault(root + "byteorder")),
            (storage, read) =>
            {
                using var bytes = Open(entries.GetValueOrDefault($"{root}data/{storage.Key}"), storage);
                read(bytes);
            }
        );
    }

    /// <summary>Entries over the same bytes would let a small file ask for any amount of memory.</summary>
    private static void RequireRoom(IEnumerable<PickleStorage> storages, long fileLength)
    {
        Int128 bytes = storages.Aggregate((Int128)0, (sum, storage) => sum + storage.Bytes);
        if (bytes > fileLength)
        {
            throw new FormatException($"its storages take {bytes} bytes, but the file has {fileLength}.");
        }
    }

    private static Dictionary<string, ZipArchiveEntry> Entries(ZipArchive archive)
    {
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            string name = entry.FullName;
            string shown = PlainText.Of(name.Length > 100 ? name[..100] : name);
            if (name.StartsWith('/') || name.Contains('\\', StringComparison.Ordinal) || name.Split('/').Contains(".."))
            {
                throw new FormatException($"its entry '{shown}' is a path that leads out of it.");
            }

            if (!entries.TryAdd(name, entry))
            {
                throw new FormatException($"it has two entries '{shown}'.");
            }
        }

        return entries;
    }

    /// <summary>The folder that all records are in; PyTorch names it after the file.</summary>
    private static string Root(IEnumerable<string> names)
    {
        var pickles = names.Where(name => name.EndsWith("/" + Pickle, StringComparison.Ordinal)).Take(2).ToList();
        return pickles switch
        {
            [string only] => only[..^Pickle.Length],
            [] => throw new FormatException($"it is a zip file without the {Pickle} of PyTorch's files."),
            _ => throw new FormatException($"it has two pickles '{Pickle}'."),
        };
    }

    private static bool IsBigEndian(ZipArchiveEntry? order)
    {
        if (order is null)
        {
            return false; // PyTorch before 2.1
        }

        RequireStored(order);
        byte[] bytes = new byte[8];
        using var stream = order.Open();
        int count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes.AsSpan(0, count) switch
        {
            [.. var text] when text.SequenceEqual("little"u8) => false,
            [.. var text] when text.SequenceEqual("big"u8) => true,
            _ => throw new FormatException("its byte order is neither 'little' nor 'big'."),
        };
    }

    private static Stream Open(ZipArchiveEntry? entry, PickleStorage storage)
    {
        string key = PlainText.Of(storage.Key.Length > 100 ? storage.Key[..100] : storage.Key);
        if (entry is null)
        {
            throw new FormatException($"its storage '{key}' is missing.");
        }

        RequireStored(entry);
        return entry.Length == storage.Bytes
            ? entry.Open()
            : throw new FormatException(
                $"its storage '{key}' has {entry.Length} bytes, but its {storage.Elements} elements of dtype {storage.Type} need "
                    + $"{storage.Bytes}."
            );
    }

    private static void RequireStored(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length)
        {
            throw new FormatException("it is compressed, and PyTorch's files are not. Save it again by torch.save.");
        }
    }
}
