namespace VisionSeqModels.Data;

/// <summary>The default folder of data sets.</summary>
public static class DatasetDirectory
{
    /// <summary>The per-user cache folder: <c>$XDG_CACHE_HOME/visionseqmodels</c>, or <c>~/.cache/visionseqmodels</c>; on
    /// Windows <c>visionseqmodels</c> in local application data. It may not exist.</summary>
    public static string Default => Path.Combine(CacheFolder, "visionseqmodels");

    private static string CacheFolder
    {
        get
        {
            if (OperatingSystem.IsWindows())
            {
                return Environment.GetEnvironmentVariable("LOCALAPPDATA") is { Length: > 0 } local
                    ? local
                    : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            }

            return Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache)
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }
    }
}
