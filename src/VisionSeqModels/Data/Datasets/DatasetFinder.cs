using Microsoft.Extensions.Logging.Abstractions;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Finds the folder of a data set, or downloads it there.</summary>
/// <param name="title">The data set's name for messages.</param>
/// <param name="subfolders">Where the files may be, below the folder that a user names.</param>
/// <param name="isThere">Whether a folder has any of the files.</param>
/// <param name="missing">The files that a folder lacks and a download can add; null if the download is one archive.</param>
internal sealed class DatasetFinder(
    string title,
    IReadOnlyList<string> subfolders,
    Func<string, bool> isThere,
    Func<string, IReadOnlyList<string>>? missing = null
)
{
    /// <summary>The folder below <paramref name="directory"/>, or one of <paramref name="elsewhere"/>, that has the files;
    /// null for none.</summary>
    public string? Find(string directory, params string[] elsewhere) =>
        subfolders.Select(subfolder => Path.Combine(directory, subfolder)).Concat(elsewhere).FirstOrDefault(isThere);

    /// <summary>The folder that has the files, after a download if some of them are not there.</summary>
    /// <param name="directory">The folder that the user named, or null.</param>
    /// <param name="options">Whether to download.</param>
    /// <param name="download">Downloads: into the folder given where that has some of the files already, else below the
    /// user's. Null for a data set that has no address.</param>
    /// <param name="copies">What else may be there: archives to unpack, other versions to name.</param>
    /// <param name="elsewhere">Further folders that may have the files.</param>
    public string FindOrDownload(
        string? directory,
        DatasetOptions options,
        Action<string, bool>? download,
        LocalCopies copies,
        params string[] elsewhere
    )
    {
        options.Validate();
        string root = directory ?? DatasetDirectory.Default;
        if (FindWhole(root, elsewhere) is string found)
        {
            return found;
        }

        string full = Path.GetFullPath(root);
        string? begun = Find(root);
        if (begun is null && TryUnpack(full, copies) && FindWhole(root, elsewhere) is string unpacked)
        {
            return unpacked;
        }

        string advice = copies.Describe(full) ?? "Put the published files there, or name the folder that has them.";
        if (!options.Download || download is null)
        {
            string reason = download is null ? "cannot be downloaded by this library" : "downloads are off";
            return begun
                ?? throw new DatasetNotFoundException( // the reader of the folder names the missing file
                    $"{title} was not found in '{full}', and {reason}. {advice}"
                );
        }

        try
        {
            LogMessages.Downloading(options.Logger ?? NullLogger.Instance, title, full);
            download(begun ?? root, begun is not null);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or HttpRequestException
                        or InvalidDataException
                        or TimeoutException
            )
        {
            if (FindWhole(root, elsewhere) is string placed)
            {
                return placed; // another program was faster
            }

            string state = begun is null
                ? $"{title} was not found in '{full}'"
                : $"{title} in '{Path.GetFullPath(begun)}' lacks {string.Join(", ", missing!(begun))}";
            throw new DatasetNotFoundException($"{state}, and could not be downloaded: {e.Message.TrimEnd('.')}. {advice}", e);
        }

        return Find(root)
            ?? throw new DatasetNotFoundException($"{title} was downloaded to '{full}', but its files are not there.");
    }

    private bool TryUnpack(string full, LocalCopies copies)
    {
        try
        {
            return copies.Unpack(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DatasetNotFoundException(
                $"{title} lies in '{full}' as an archive that cannot be unpacked: {e.Message.TrimEnd('.')}. Unpack it yourself, "
                    + "or delete it: then it is downloaded.",
                e
            );
        }
    }

    private string? FindWhole(string root, string[] elsewhere) =>
        subfolders
            .Select(subfolder => Path.Combine(root, subfolder))
            .Concat(elsewhere)
            .FirstOrDefault(folder => isThere(folder) && (missing is null || missing(folder).Count == 0));
}
