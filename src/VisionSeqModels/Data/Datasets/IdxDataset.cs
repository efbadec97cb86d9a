using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>What MNIST and Fashion-MNIST have in common: four IDX files, 60,000 and 10,000 grey images of 28×28.</summary>
internal sealed class IdxDataset
{
    private const int Side = 28;
    private static readonly string[] Stems =
    [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ];

    private readonly DatasetFinder _finder;

    public IdxDataset(string title, params string[] subfolders)
    {
        Title = title;
        _finder = new DatasetFinder(title, subfolders, folder => Missing(folder).Count < Stems.Length, Missing);
    }

    public string Title { get; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    public required ImageNormalization Normalization { get; init; }

    public required Uri Home { get; init; }

    /// <summary>The published files' sums, in the order of <see cref="Stems"/>.</summary>
    public required IReadOnlyList<string> Md5 { get; init; }

    /// <summary>Folders outside the user's own that may have the files.</summary>
    public string[] Elsewhere { get; init; } = [];

    public string? Find(string? directory) => _finder.Find(directory ?? DatasetDirectory.Default, Elsewhere);

    public ImageDatasets Load(string? directory, DatasetOptions? options)
    {
        TorchRuntime.EnsureAvailable();
        options ??= new DatasetOptions();
        string folder = _finder.FindOrDownload(
            directory,
            options,
            (folder, begun) => Download(begun ? folder : Path.Combine(folder, Name), options),
            Elsewhere
        );
        return new ImageDatasets(Read(folder, 0, 60_000, options.TrainLimit), Read(folder, 2, 10_000, options.TestLimit));
    }

    private void Download(string folder, DatasetOptions options)
    {
        var downloader = new Downloader(options);
        for (int i = 0; i < Stems.Length; i++)
        {
            if (PathOf(folder, Stems[i]) is null)
            {
                var file = new PublishedFile(Stems[i] + ".gz", Home, Md5[i]);
                downloader.Download(file, Path.Combine(folder, file.Name));
            }
        }
    }

    private ImageDataset Read(string folder, int first, int images, int? limit)
    {
        byte[] pixels = IdxFile.Read(Require(folder, Stems[first]), images, Side, Side);
        string labelPath = Require(folder, Stems[first + 1]);
        byte[] labels = IdxFile.Read(labelPath, images);
        int bad = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)9);
        if (bad >= 0)
        {
            throw new DatasetFormatException(
                labelPath,
                FormattableString.Invariant(
                    $"has the label {labels[bad]} at image {bad:n0} (counted from 0), but labels are 0..9."
                )
            );
        }

        int count = Math.Min(limit ?? images, images);
        using var scope = NewDisposeScope();
        var all = empty([count, 1, Side, Side], dtype: ScalarType.Byte);
        pixels.AsSpan(0, count * Side * Side).CopyTo(all.bytes);
        return new ImageDataset(
            Name,
            all,
            tensor(Array.ConvertAll(labels[..count], label => (long)label)),
            ClassNames,
            Normalization
        );
    }

    private static List<string> Missing(string folder) => [.. Stems.Where(stem => PathOf(folder, stem) is null)];

    private string Require(string folder, string stem) =>
        PathOf(folder, stem)
        ?? throw new DatasetNotFoundException(
            $"'{Path.Combine(folder, stem)}' (or the same with .gz) is missing; other files of {Title} are there. Put "
                + "it beside them."
        );

    private static string? PathOf(string folder, string stem) =>
        new[] { stem, stem + ".gz", stem.Replace("-idx", ".idx", StringComparison.Ordinal) }
            .Select(name => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
