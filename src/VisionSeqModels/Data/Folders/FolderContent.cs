using System.Text;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>The files of a folder, by part and class.</summary>
/// <param name="Root">The folder.</param>
/// <param name="ClassNames">The classes, by ordinal.</param>
/// <param name="Files">The training files, then the test files.</param>
/// <param name="TrainCount">How many are training files.</param>
/// <param name="Faults">What cannot be used, whatever is in it.</param>
internal sealed record FolderContent(
    string Root,
    IReadOnlyList<string> ClassNames,
    IReadOnlyList<FolderFile> Files,
    int TrainCount,
    IReadOnlyList<SkippedFile> Faults
)
{
    /// <exception cref="DatasetNotFoundException">There is no such folder.</exception>
    /// <exception cref="DatasetFormatException">Its folders cannot be used.</exception>
    public static FolderContent Of(string directory, ImageFolderOptions options)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var layout = FolderLayout.Of(root, options.TestFolder);
        var scan = new FolderScan(root);
        var train = Classes(layout.Train, scan);
        string[] names = [.. train.Select(entry => entry.Name)];
        FolderFile[] files = [.. train.SelectMany(entry => entry.Files)];
        FolderFile[] test = layout.Test is null ? [] : TestFiles(layout.Test, names, scan);
        if (layout.Test is null)
        {
            (files, test) = FolderSplit.Of(root, files, names, options);
        }
        else if (options.Group is not null)
        {
            FolderSplit.RequireApart(root, files, test, options.Group);
        }

        var stray = layout.StrayPictures.Select(path => new SkippedFile(
            Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/'),
            "lies in no class folder"
        ));
        return new FolderContent(root, names, [.. files, .. test], files.Length, [.. scan.Faults, .. stray]);
    }

    /// <summary>The label of each file.</summary>
    public int[] Labels()
    {
        var labels = ClassNames.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return [.. Files.Select(file => labels[file.Class])];
    }

    private static FolderFile[] TestFiles(string folder, string[] names, FolderScan scan)
    {
        var test = Classes(folder, scan);
        foreach (var (name, _) in test.Where(entry => !names.Contains(entry.Name)))
        {
            string? other = names.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase));
            throw new DatasetFormatException(
                folder,
                $"has the class '{PlainText.Of(name)}', which the training images do not have"
                    + (other is null ? "." : $"; they have '{PlainText.Of(other)}'."),
                advice: "Name the class folders alike in both parts."
            );
        }

        return [.. test.SelectMany(entry => entry.Files)];
    }

    private static List<(string Name, List<FolderFile> Files)> Classes(string folder, FolderScan scan)
    {
        var classes = FolderScan
            .Folders(folder)
            .Select(entry => (Folder: entry, Name: Composed(entry.Name)))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => (entry.Name, Files: scan.FilesOf(entry.Folder, entry.Name)))
            .ToList();
        const string Advice = "It needs a subfolder for each of at least two classes, with images in it.";
        if (classes.Count < 2)
        {
            string found = classes.Count == 0 ? "no subfolder" : $"one subfolder alone, '{PlainText.Of(classes[0].Name)}'";
            throw new DatasetFormatException(folder, $"has {found}.", advice: Advice);
        }

        string[] empty = [.. classes.Where(entry => entry.Files.Count == 0).Select(entry => entry.Name)];
        if (empty.Length > 0)
        {
            throw new DatasetFormatException(folder, $"has classes without files: {PlainText.List(empty)}.", advice: Advice);
        }

        return classes.DistinctBy(entry => entry.Name).Count() == classes.Count
            ? classes
            : throw new DatasetFormatException(
                folder,
                "has two class folders whose names differ only in how Unicode writes them.",
                advice: "Rename one."
            );
    }

    /// <summary>The name in Unicode's composed form, since systems differ in the form that they give.</summary>
    private static string Composed(string name) => name.IsNormalized() ? name : name.Normalize(NormalizationForm.FormC);
}
