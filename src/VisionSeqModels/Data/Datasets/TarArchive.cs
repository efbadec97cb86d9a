using System.Formats.Tar;
using System.IO.Compression;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Takes known files out of a .tar.gz archive, and nothing else.</summary>
internal static class TarArchive
{
    private const int MaximumEntries = 100;
    private const long MaximumExtraBytes = 1 << 20; // for headers, and for other files

    /// <summary>Extracts the files of <paramref name="folder"/> in the archive whose names are in <paramref name="sizes"/>.
    /// Then <c>parent/folder</c> has all of them, or does not exist.</summary>
    /// <exception cref="InvalidDataException">A path leaves the folder, an entry is a link, a size is wrong, a file is
    /// missing, or the archive is damaged.</exception>
    public static void Extract(string archive, string parent, string folder, IReadOnlyDictionary<string, long> sizes)
    {
        RemoveLeftovers(parent, folder);
        string temporary = Path.Combine(parent, $".{folder}-{Guid.NewGuid():n}");
        FileSystem.Current.CreateFolder(temporary);
        try
        {
            Unpack(archive, temporary, folder, sizes);
            Place(temporary, Path.Combine(parent, folder));
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                FileSystem.Current.DeleteFolder(temporary, recursive: true);
            }
        }
    }

    /// <summary>Removes the temporary folders of killed programs. A young folder stays: another program may unpack into it
    /// now.</summary>
    private static void RemoveLeftovers(string parent, string folder)
    {
        var old = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1);
        foreach (string path in FileSystem.Current.Folders(parent, $".{folder}-*"))
        {
            try
            {
                if (FileSystem.Current.FolderWrittenAt(path) < old)
                {
                    FileSystem.Current.DeleteFolder(path, recursive: true);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another program removes it, or uses it; it takes room, and nothing else.
            }
        }
    }

    private static void Unpack(string archive, string temporary, string folder, IReadOnlyDictionary<string, long> sizes)
    {
        using var file = FileSystem.Current.OpenRead(archive);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        try
        {
            ExtractEntries(
                new TarFile(unpacked, MaximumEntries, sizes.Values.Sum() + MaximumExtraBytes),
                temporary,
                folder,
                sizes
            );
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or EndOfStreamException)
        {
            string fault = e switch
            {
                FormatException => e.Message,
                EndOfStreamException => "is cut off",
                _ => $"is no sound gzip file: {e.Message.TrimEnd('.')}",
            };
            throw new InvalidDataException($"The archive '{archive}' {fault}; nothing of it was kept.", e);
        }
    }

    private static void ExtractEntries(TarFile tar, string temporary, string folder, IReadOnlyDictionary<string, long> sizes)
    {
        var missing = new HashSet<string>(sizes.Keys, StringComparer.Ordinal);
        while (tar.Next())
        {
            string? name = NameInFolder(tar, folder);
            if (name is null || !sizes.TryGetValue(name, out long size))
            {
                continue;
            }

            if (tar.Length != size)
            {
                throw new FormatException(
                    FormattableString.Invariant($"says that '{tar.Name}' has {tar.Length:n0} bytes instead of {size:n0}")
                );
            }

            if (!missing.Remove(name))
            {
                throw new FormatException($"has '{tar.Name}' twice");
            }

            using var target = FileSystem.Current.Open(
                Path.Combine(temporary, name),
                FileMode.CreateNew,
                FileAccess.ReadWrite,
                FileShare.Read
            );
            tar.CopyTo(target);
            FileSystem.Current.Flush(target);
        }

        if (missing.Count > 0)
        {
            throw new FormatException($"lacks {string.Join(", ", missing.Order(StringComparer.Ordinal))}");
        }
    }

    /// <summary>The name of a plain file that lies directly in the folder; null for the folder itself. Everything else is an
    /// error.</summary>
    private static string? NameInFolder(TarFile entry, string folder)
    {
        string path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        if (entry.Type == TarEntryType.Directory && path.TrimEnd('/') == folder)
        {
            return null;
        }

        if (entry.Type is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
        {
            throw new FormatException($"has an entry '{entry.Name}' that is no plain file but a {entry.Type}");
        }

        string name = path.StartsWith(folder + "/", StringComparison.Ordinal) ? path[(folder.Length + 1)..] : "";
        return name.Length > 0 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\\', ':')
            ? name
            : throw new FormatException($"has an entry '{entry.Name}' outside its folder '{folder}'");
    }

    private static void Place(string temporary, string target)
    {
        try
        {
            FileSystem.Current.FlushFolder(temporary); // the names of the files in it
            FileSystem.Current.RenameFolder(temporary, target);
            FileSystem.Current.FlushFolder(Path.GetDirectoryName(target)!);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another program was faster and placed the same files.
        }
    }
}
