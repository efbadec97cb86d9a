using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Where the images of a folder lie: classes, or parts with classes in them.</summary>
/// <param name="Train">The folder of the training images, or of all.</param>
/// <param name="Test">The folder of the test images; null where a split makes them.</param>
internal sealed record FolderLayout(string Train, string? Test)
{
    private static readonly string[] TestNames = ["test", "val", "valid", "validation"];
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>The pictures that lie beside class folders, and so in no class.</summary>
    public IEnumerable<string> StrayPictures =>
        new[] { Path.GetDirectoryName(Test), Train, Test }
            .OfType<string>()
            .Distinct()
            .SelectMany(FolderScan.Files)
            .Where(file => Endings.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
            .Select(file => file.FullName);

    /// <exception cref="DatasetNotFoundException">There is no such folder.</exception>
    /// <exception cref="DatasetFormatException">It has no classes, or its parts are ambiguous.</exception>
    public static FolderLayout Of(string root, string? testFolder)
    {
        if (File.Exists(root))
        {
            throw new DatasetFormatException(root, "is a file.", advice: "Name the folder that has a subfolder for each class.");
        }

        if (!Directory.Exists(root))
        {
            throw new DatasetNotFoundException(
                $"The folder '{root}' is not there. Name the folder that has a subfolder for each class."
            );
        }

        var folders = FolderScan.Folders(root);
        var train = Named(folders, ["train"]);
        var tests = Named(folders, testFolder is null ? TestNames : [testFolder]);
        var others = folders.Except(train).Except(tests).Where(folder => testFolder is null || !IsTest(folder)).ToList();
        if (testFolder is not null && (train.Count == 0 || tests.Count == 0))
        {
            throw new DatasetFormatException(
                root,
                $"lacks the folder 'train' or '{PlainText.Of(testFolder)}'.",
                advice: "Name the folder that has both, or leave TestFolder out."
            );
        }

        return train.Count == 1 && tests.Count == 1 && others.Count == 0 ? new FolderLayout(train[0].FullName, tests[0].FullName)
            : train.Count == 0 || (tests.Count == 0 && others.Count > 0) ? new FolderLayout(root, null)
            : throw new DatasetFormatException(
                root,
                $"has the folders {PlainText.List(folders.Select(folder => folder.Name))}, which may be classes or parts.",
                advice: "Let it have classes alone, or 'train' and one test part alone, or name that part by TestFolder."
            );
    }

    private static bool IsTest(DirectoryInfo folder) => TestNames.Contains(folder.Name, StringComparer.OrdinalIgnoreCase);

    private static List<DirectoryInfo> Named(List<DirectoryInfo> folders, string[] names) =>
        folders.FindAll(folder => names.Contains(folder.Name, StringComparer.OrdinalIgnoreCase));
}
