using VisionSeqModels.Torch;

namespace VisionSeqModels.Data;

/// <summary>A published data set of four IDX files: images and labels for training and for testing.</summary>
internal sealed record IdxDataset
{
    /// <summary>The name for messages.</summary>
    public required string Title { get; init; }

    /// <summary>The name for run.json, and of the folder that a download makes.</summary>
    public required string Name { get; init; }

    /// <summary>Where the files may be, below the folder that a user names.</summary>
    public required IReadOnlyList<string> Subfolders { get; init; }

    /// <summary>Folders outside the user's own that may have the files.</summary>
    public string[] Elsewhere { get; init; } = [];

    /// <summary>The name of each class; labels are 0 up to their number − 1.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>How bytes become inputs.</summary>
    public required ImageNormalization Normalization { get; init; }

    /// <summary>The address of the folder that has the .gz files, with a slash at the end; null where there is none.</summary>
    public Uri? Home { get; init; }

    /// <summary>The training files.</summary>
    public required Part Train { get; init; }

    /// <summary>The test files.</summary>
    public required Part Test { get; init; }

    /// <summary>The height and width of each image in pixels.</summary>
    public int Side { get; init; } = 28;

    /// <summary>Whether each image is stored column by column, as EMNIST stores its images.</summary>
    public bool Transposed { get; init; }

    private IEnumerable<(string Name, string Sha256)> Files =>
        new[] { Train, Test }.SelectMany(part => new[] { part.Images, part.Labels });

    private DatasetFinder Finder => new(Title, Subfolders, folder => Missing(folder).Count < Files.Count(), Missing);

    public string? Find(string? directory) => Finder.Find(directory ?? DatasetDirectory.Default, Elsewhere);

    public ImageDatasets Load(string? directory, DatasetOptions? options)
    {
        TorchRuntime.EnsureAvailable();
        options ??= new DatasetOptions();
        string folder = Finder.FindOrDownload(
            directory,
            options,
            Home is null ? null : (folder, begun) => Download(begun ? folder : Path.Combine(folder, Name), options),
            new LocalCopies(Subfolders) { Misplaced = Misplaced },
            Elsewhere
        );
        return new ImageDatasets(Read(folder, Train, options.TrainLimit), Read(folder, Test, options.TestLimit));
    }

    private void Download(string folder, DatasetOptions options)
    {
        var downloader = new Downloader(options);
        foreach (var (name, sha256) in Files.Where(file => PathOf(folder, file.Name) is null))
        {
            var file = new PublishedFile(name + ".gz", Home!, sha256);
            downloader.Download(file, Path.Combine(folder, file.Name));
        }
    }

    private ImageDataset Read(string folder, Part part, int? limit) =>
        new IdxPair(Require(folder, part.Images.Name), Require(folder, part.Labels.Name))
        {
            ImageSizes = [part.Count, Side, Side],
            Transposed = Transposed,
            Limit = limit,
            Advice = DatasetFormatException.Replace,
        }.Read(Name, ClassNames, Normalization);

    /// <summary>Says that the files lie in the folder itself, where they may be another set's.</summary>
    private string? Misplaced(string root) =>
        !Subfolders.Contains("") && Missing(root).Count < Files.Count()
            ? $"IDX files lie directly in '{root}', where another set's would have the same names. If they are {Title}'s, move "
                + $"them into the folder '{Subfolders[0]}' there."
            : null;

    private List<string> Missing(string folder) =>
        [.. Files.Select(file => file.Name).Where(name => PathOf(folder, name) is null)];

    private string Require(string folder, string name) =>
        PathOf(folder, name)
        ?? throw new DatasetNotFoundException(
            $"'{Path.Combine(folder, name)}' (or the same with .gz) is missing; other files of {Title} are there. Put "
                + "it beside them."
        );

    private static string? PathOf(string folder, string name) =>
        Variants(name)
            .SelectMany(variant => new[] { variant, variant + ".gz" })
            .Select(variant => Path.Combine(folder, variant))
            .FirstOrDefault(File.Exists);

    /// <summary>The published name; with the dot that some programs put in when they unpack; and, as other programs do, within a
    /// folder of the file's own name.</summary>
    private static string[] Variants(string name)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        return [name, dotted, Path.Combine(name, name), Path.Combine(dotted, dotted), Path.Combine(dotted, name)];
    }

    /// <summary>Two of the files.</summary>
    /// <param name="Count">The number of images.</param>
    /// <param name="Images">The images: the file's name without .gz, and the SHA-256 sum of the .gz file.</param>
    /// <param name="Labels">The labels, likewise.</param>
    internal sealed record Part(int Count, (string Name, string Sha256) Images, (string Name, string Sha256) Labels);
}
