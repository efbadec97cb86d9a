using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace VisionSeqModels.Data;

/// <summary>Finds the folder of a data set, or downloads it there.</summary>
internal sealed class DatasetFinder(string title, IReadOnlyList<string> subfolders, Func<string, bool> isThere)
{
    /// <summary>The folder below <paramref name="directory"/>, or one of <paramref name="elsewhere"/>, that has the files; null for none.</summary>
    public string? Find(string directory, params string[] elsewhere) =>
        subfolders.Select(subfolder => Path.Combine(directory, subfolder)).Concat(elsewhere).FirstOrDefault(isThere);

    public string FindOrDownload(string? directory, DatasetOptions options, Action<string> download, params string[] elsewhere)
    {
        options.Validate();
        string root = directory ?? DatasetDirectory.Default;
        if (Find(root, elsewhere) is string found)
        {
            return found;
        }

        string full = Path.GetFullPath(root);
        if (!options.Download)
        {
            throw new DatasetNotFoundException(
                $"{title} was not found in '{full}', and downloads are off. Put the published files there, or name the folder that has them.");
        }

        try
        {
            DataLog.Downloading(options.Logger ?? NullLogger.Instance, title, full);
            download(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or InvalidDataException or TimeoutException)
        {
            throw new DatasetNotFoundException(
                $"{title} was not found in '{full}', and could not be downloaded: {e.Message.TrimEnd('.')}. Put the published files there, or name the folder that has them.", e);
        }

        return Find(root) ?? throw new DatasetNotFoundException($"{title} was downloaded to '{full}', but its files are not there.");
    }
}
