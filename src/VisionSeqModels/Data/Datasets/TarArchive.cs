using System.Formats.Tar;
using System.IO.Compression;

namespace VisionSeqModels.Data;

/// <summary>Takes known files out of a .tar.gz archive, and nothing else.</summary>
internal static class TarArchive
{
    private const int MostEntries = 100;

    /// <summary>
    /// Extracts the files of <paramref name="folder"/> in the archive whose names are in <paramref name="sizes"/>, so that <c>parent/folder</c>
    /// is there with all of them or not at all.
    /// </summary>
    /// <exception cref="InvalidDataException">A path leaves the folder, an entry is a link, a size is wrong, a file is missing, or the archive is damaged.</exception>
    public static void Extract(string archive, string parent, string folder, IReadOnlyDictionary<string, long> sizes)
    {
        string temporary = Path.Combine(parent, $".{folder}-{Guid.NewGuid():n}");
        Directory.CreateDirectory(temporary);
        try
        {
            Unpack(archive, temporary, folder, sizes);
            Place(temporary, Path.Combine(parent, folder));
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static void Unpack(string archive, string temporary, string folder, IReadOnlyDictionary<string, long> sizes)
    {
        using var file = File.OpenRead(archive);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unpacked);
        try
        {
            ExtractEntries(tar, archive, temporary, folder, sizes);
        }
        catch (EndOfStreamException e)
        {
            throw Refused(archive, $"is damaged: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static void ExtractEntries(TarReader tar, string archive, string temporary, string folder, IReadOnlyDictionary<string, long> sizes)
    {
        var missing = new HashSet<string>(sizes.Keys, StringComparer.Ordinal);
        for (int count = 1; tar.GetNextEntry() is TarEntry entry; count++)
        {
            if (count > MostEntries)
            {
                throw Refused(archive, $"has more than {MostEntries} entries");
            }

            string? name = NameInFolder(entry, archive, folder);
            if (name is null || !sizes.TryGetValue(name, out long size))
            {
                continue;
            }

            if (entry.Length != size)
            {
                throw Refused(archive, $"says that '{entry.Name}' has {entry.Length:n0} bytes instead of {size:n0}");
            }

            if (!missing.Remove(name))
            {
                throw Refused(archive, $"has '{entry.Name}' twice");
            }

            entry.ExtractToFile(Path.Combine(temporary, name), overwrite: false);
        }

        if (missing.Count > 0)
        {
            throw Refused(archive, $"lacks {string.Join(", ", missing.Order(StringComparer.Ordinal))}");
        }
    }

    /// <summary>The name of a plain file that lies right in the folder; null for the folder itself. Everything else is refused.</summary>
    private static string? NameInFolder(TarEntry entry, string archive, string folder)
    {
        string path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        if (entry.EntryType == TarEntryType.Directory && path.TrimEnd('/') == folder)
        {
            return null;
        }

        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
        {
            throw Refused(archive, $"has an entry '{entry.Name}' that is no plain file but a {entry.EntryType}");
        }

        string name = path.StartsWith(folder + "/", StringComparison.Ordinal) ? path[(folder.Length + 1)..] : "";
        if (name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\\', ':'))
        {
            throw Refused(archive, $"has an entry '{entry.Name}' outside its folder '{folder}'");
        }

        return name;
    }

    private static void Place(string temporary, string target)
    {
        try
        {
            Directory.Move(temporary, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another program was faster and placed the same files.
        }
    }

    private static InvalidDataException Refused(string archive, string fault, Exception? inner = null) => new($"The archive '{archive}' {fault}; nothing of it was kept.", inner);
}
