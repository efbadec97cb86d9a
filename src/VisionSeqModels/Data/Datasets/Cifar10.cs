using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>CIFAR-10: 50,000 training and 10,000 test images of ten classes, 3×32×32.</summary>
/// <remarks>Krizhevsky, "Learning multiple layers of features from tiny images" (2009); read in its published binary
/// version.</remarks>
public static class Cifar10
{
    private const string Folder = "cifar-10-batches-bin";
    private const int ImagesInFile = 10_000;
    private static readonly string[] TrainFiles =
    [
        "data_batch_1.bin",
        "data_batch_2.bin",
        "data_batch_3.bin",
        "data_batch_4.bin",
        "data_batch_5.bin",
    ];
    private static readonly string[] TestFiles = ["test_batch.bin"];
    private static readonly PublishedFile Archive = new(
        "cifar-10-binary.tar.gz",
        new Uri("https://www.cs.toronto.edu/~kriz/"),
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        MaximumBytes: 200_000_000
    );
    private static readonly DatasetFinder Finder = new(
        "CIFAR-10",
        ["", Folder, "cifar10", Path.Combine("cifar10", Folder)],
        folder => TrainFiles.Concat(TestFiles).Any(name => File.Exists(Path.Combine(folder, name)))
    );

    private static readonly LocalCopies Copies = new(["", "cifar10"])
    {
        OtherVersions = new Dictionary<string, string>
        {
            ["cifar-10-batches-py"] = "CIFAR-10's Python version",
            ["data_batch_1"] = "CIFAR-10's Python version",
            ["cifar-10-python.tar.gz"] = "CIFAR-10's Python version",
            ["cifar-10-batches-mat"] = "CIFAR-10's MATLAB version",
            ["data_batch_1.mat"] = "CIFAR-10's MATLAB version",
            ["cifar-10-matlab.tar.gz"] = "CIFAR-10's MATLAB version",
        },
        Wanted = $"This library reads the binary version: put {Archive.Name} there, or its folder {Folder}.",
        Unpack = Unpack,
    };

    /// <summary>The names of the classes, in the order of their labels.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Whether the data is in a folder already.</summary>
    /// <param name="directory">The folder; null for <see cref="DatasetDirectory.Default"/>.</param>
    public static bool Exists(string? directory = null) => Finder.Find(directory ?? DatasetDirectory.Default) is not null;

    /// <summary>Loads the data, after a download (163 MB) if it is not there.</summary>
    /// <param name="directory">The folder that has, or will have, the .bin files, a folder <c>cifar-10-batches-bin</c>
    /// with them, or the published archive of it; null for <see cref="DatasetDirectory.Default"/>.</param>
    /// <param name="options">Limits, downloads, logging; null for the defaults.</param>
    /// <returns>Training and test images; the caller disposes them.</returns>
    /// <exception cref="DatasetNotFoundException">The files are not there and could not be downloaded.</exception>
    /// <exception cref="DatasetFormatException">A file has the wrong size or an impossible label.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled during a download.</exception>
    public static ImageDatasets Load(string? directory = null, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        if (!Exists(directory))
        {
            TorchRuntime.EnsureAvailable(); // before a long download
        }

        string folder = Finder.FindOrDownload(directory, options, (root, _) => Download(root, options), Copies);
        var loading = Task.Run(TorchRuntime.EnsureAvailable); // it takes as long as the files
        try
        {
            var train = Read(folder, TrainFiles, options.TrainLimit);
            var test = Read(folder, TestFiles, options.TestLimit);
            loading.GetAwaiter().GetResult();
            return new ImageDatasets(Dataset(train), Dataset(test));
        }
        catch
        {
            loading.GetAwaiter().GetResult(); // without libtorch that is the fault
            throw;
        }
    }

    private static void Download(string root, DatasetOptions options)
    {
        string archive = Path.Combine(root, Archive.Name);
        new Downloader(options).Download(Archive, archive);
        Extract(archive, root);
        FileSystem.Current.Delete(archive);
    }

    /// <summary>Unpacks the published archive where a user put it; the archive stays.</summary>
    private static bool Unpack(string root)
    {
        string archive = Path.Combine(root, Archive.Name);
        if (!File.Exists(archive))
        {
            return false;
        }

        Extract(archive, root);
        return true;
    }

    private static void Extract(string archive, string root) =>
        TarArchive.Extract(
            archive,
            root,
            Folder,
            TrainFiles.Concat(TestFiles).ToDictionary(name => name, _ => Cifar10File.Length(ImagesInFile))
        );

    private static (byte[] Pixels, long[] Labels) Read(string folder, string[] names, int? limit)
    {
        int count = Math.Min(limit ?? int.MaxValue, names.Length * ImagesInFile);
        byte[] pixels = GC.AllocateUninitializedArray<byte>(count * Cifar10File.ImageBytes, pinned: true);
        long[] labels = new long[count];
        for (int i = 0; i < names.Length; i++) // also those behind the limit: a damaged set is an error at once
        {
            int begin = Math.Min(i * ImagesInFile, count);
            int end = Math.Min(begin + ImagesInFile, count);
            var images = pixels.AsSpan((begin * Cifar10File.ImageBytes)..(end * Cifar10File.ImageBytes));
            Cifar10File.Read(Path.Combine(folder, names[i]), ImagesInFile, images, labels.AsSpan(begin..end));
        }

        return (pixels, labels);
    }

    /// <summary>A data set over the bytes, without a copy.</summary>
    private static ImageDataset Dataset((byte[] Pixels, long[] Labels) read)
    {
        using var scope = NewDisposeScope();
        var pixels = frombuffer(read.Pixels, ScalarType.Byte).reshape(read.Labels.Length, 3, 32, 32);
        return new ImageDataset("cifar10", pixels, tensor(read.Labels), ClassNames, ImageNormalization.Cifar10);
    }
}
