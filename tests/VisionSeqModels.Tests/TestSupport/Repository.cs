namespace VisionSeqModels.Tests;

/// <summary>The folder that the sources are in, for tests that check the documentation.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "VisionSeqModels.sln"))
            ? folder
            : Find(
                Path.GetDirectoryName(folder)
                    ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.")
            );
}
