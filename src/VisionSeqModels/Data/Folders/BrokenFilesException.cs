namespace VisionSeqModels.Data;

/// <summary>Files of a folder cannot be read, and are not to be left out. It is no IOException, so it passes through what
/// explains failures of the disk.</summary>
internal sealed class BrokenFilesException(IReadOnlyList<SkippedFile> files) : Exception
{
    private const int Named = 20;

    /// <summary>The message that a user gets.</summary>
    public DatasetFormatException Explain(string folder, int total)
    {
        var lines = files
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Take(Named)
            .Select(file => $"{Environment.NewLine}- '{Core.PlainText.Of(file.Path)}': it {file.Reason}");
        string more = files.Count > Named ? $"{Environment.NewLine}and {files.Count - Named} more." : "";
        return new DatasetFormatException(
            folder,
            $"has {files.Count} that cannot be used, of {total} files.",
            advice: "Remove or replace them, or leave them out by OnBrokenFile.Skip:" + string.Concat(lines) + more
        );
    }
}
