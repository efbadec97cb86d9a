using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Divides the files of a folder in a training and a test part.</summary>
internal static class FolderSplit
{
    /// <summary>Each part with about the same fraction of every class; no group on both sides.</summary>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    /// <exception cref="DatasetFormatException">A class would have no training images.</exception>
    public static (FolderFile[] Train, FolderFile[] Test) Of(
        string root,
        FolderFile[] files,
        string[] names,
        ImageFolderOptions options
    )
    {
        var labelOf = names.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        int[] labels = [.. files.Select(file => labelOf[file.Class])];
        var isTest = options.Group is null
            ? StratifiedSplit.Chosen(ImageFolder.Name, labels, options.TestFraction, options.Seed)
            : ByGroup(root, files, labels, options);
        var parts = files.Index().ToLookup(entry => isTest.Contains(entry.Index), entry => entry.Item);
        FolderFile[] train = [.. parts[false]];
        string[] lacking = [.. names.Except(train.Select(file => file.Class))];
        return lacking.Length == 0
            ? (train, [.. parts[true]])
            : throw new DatasetFormatException(
                root,
                $"has too few files, or groups, of these classes to have them in both parts: {PlainText.List(lacking)}.",
                advice: "Add images, or take a smaller TestFraction."
            );
    }

    /// <exception cref="DatasetFormatException">A group is in both parts.</exception>
    public static void RequireApart(string root, FolderFile[] train, FolderFile[] test, Func<string, string> group)
    {
        var groups = train.Select(file => group(file.Relative)).ToHashSet(StringComparer.Ordinal);
        if (test.FirstOrDefault(file => groups.Contains(group(file.Relative))) is FolderFile both)
        {
            throw new DatasetFormatException(
                root,
                $"has the group '{PlainText.Of(group(both.Relative))}' in both parts, for example '{both.Relative}'.",
                advice: "Move its files to one part."
            );
        }
    }

    private static HashSet<long> ByGroup(string root, FolderFile[] files, int[] labels, ImageFolderOptions options)
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        long[] groups = new long[files.Length];
        for (int i = 0; i < files.Length; i++)
        {
            string name = options.Group!(files[i].Relative);
            groups[i] = numbers.TryGetValue(name, out long number) ? number : numbers[name] = numbers.Count;
        }

        if (numbers.Count < 2)
        {
            throw new DatasetFormatException(
                root,
                $"has one group of files alone, '{PlainText.Of(numbers.Keys.First())}'.",
                advice: "Group must give different names for files that may be apart."
            );
        }

        double[] sizes = [2 * (1 - options.TestFraction), 2 * options.TestFraction];
        int[] part = GroupedFolds.Of(KFold.Shuffled(files.Length, options.Seed), labels, groups, 2, sizes);
        return [.. part.Index().Where(entry => entry.Item == 1).Select(entry => (long)entry.Index)];
    }
}
