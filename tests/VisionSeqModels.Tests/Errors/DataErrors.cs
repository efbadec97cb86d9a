using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using VisionSeqModels.Data;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with data: each throws the error that docs/errors names by the same
/// id.</summary>
internal static class DataErrors
{
    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("data-not-found", folder => Mnist.Load(folder.Root, new DatasetOptions { Download = false })),
            (
                "data-other-version",
                folder =>
                {
                    Directory.CreateDirectory(folder["cifar-10-batches-py"]);
                    Cifar10.Load(folder.Root, new DatasetOptions { Download = false });
                }
            ),
            (
                "data-archive",
                folder =>
                {
                    File.WriteAllText(folder["mnist.zip"], "");
                    Mnist.Load(folder.Root, new DatasetOptions { Download = false });
                }
            ),
            (
                "data-misplaced",
                folder =>
                {
                    File.WriteAllText(folder["train-images"], "");
                    OwnSet.Load(folder.Root, null);
                }
            ),
            (
                "archive-unusable",
                folder =>
                {
                    File.WriteAllText(folder["cifar-10-binary.tar.gz"], "no archive");
                    Cifar10.Load(folder.Root, new DatasetOptions { Download = false });
                }
            ),
            ("data-no-address", folder => OwnSet.Load(folder.Root, null)),
            (
                "data-download",
                folder => Mnist.Load(folder.Root, new DatasetOptions { HttpHandler = new Server(HttpStatusCode.NotFound) })
            ),
            (
                "data-incomplete-download",
                folder =>
                {
                    File.WriteAllText(folder["train-images-idx3-ubyte"], "");
                    Mnist.Load(folder.Root, new DatasetOptions { HttpHandler = new Server(HttpStatusCode.NotFound) });
                }
            ),
            (
                "data-incomplete-idx",
                folder =>
                {
                    File.WriteAllText(folder["train-labels-idx1-ubyte"], "");
                    Mnist.Load(folder.Root, new DatasetOptions { Download = false });
                }
            ),
            (
                "data-incomplete-cifar10",
                folder =>
                {
                    File.WriteAllBytes(folder["test_batch.bin"], []);
                    Cifar10.Load(folder.Root);
                }
            ),
            ("cifar10-size", folder => ReadCifar10(folder, new byte[3072])),
            ("cifar10-label", folder => ReadCifar10(folder, [11, .. new byte[3072]])),
            ("idx-kind", folder => ReadIdx(folder, [0, 0, 9, 1, 0, 0, 0, 2, 5, 5])),
            ("idx-sizes", folder => ReadIdx(folder, [0, 0, 8, 1, 0, 0, 0, 3, 5, 5, 5])),
            ("idx-short", folder => ReadIdx(folder, [0, 0, 8, 1, 0, 0, 0, 2, 5])),
            ("idx-empty", folder => ReadIdx(folder, [0, 0, 8, 1, 0, 0, 0, 0])),
            ("idx-header", folder => ReadIdx(folder, [0, 0, 8, 1, 0])),
            ("idx-long", folder => ReadIdx(folder, [0, 0, 8, 1, 0, 0, 0, 2, 5, 5, 5])),
            ("idx-gzip", folder => ReadIdx(folder, [.. Enumerable.Range(1, 40).Select(i => (byte)i)], ".gz")),
            (
                "idx-label",
                folder =>
                {
                    WriteIdx(folder["train-images-idx3-ubyte.gz"], 0, 60_000, 28, 28);
                    WriteIdx(folder["train-labels-idx1-ubyte.gz"], 10, 60_000);
                    WriteIdx(folder["t10k-images-idx3-ubyte.gz"], 0, 10_000, 28, 28);
                    WriteIdx(folder["t10k-labels-idx1-ubyte.gz"], 0, 10_000);
                    Mnist.Load(folder.Root);
                }
            ),
            (
                "idx-large",
                folder =>
                {
                    byte[] noise = new byte[3_000_000];
                    new Random(1).NextBytes(noise);
                    Write(folder["images.gz"], [0, 0, 8, 3, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0x88, 0, .. noise]);
                    File.WriteAllBytes(folder["labels"], [0, 0, 8, 1, 0, 0, 0, 1, 0]);
                    ImageDataset.FromIdx("mine", folder["images.gz"], folder["labels"], ["a"]);
                }
            ),
            ("mapped-missing", folder => Map(folder, [], File.Delete)),
            ("mapped-kind", folder => Map(folder, [], path => File.WriteAllBytes(path, [31, 139, 8, 0]))),
            ("mapped-length", folder => Map(folder, [], path => File.AppendAllText(path, "x"))),
            ("mapped-counts", folder => Map(folder, [0, 0, 8, 1, 0, 0, 0, 1, 0])),
            ("mapped-label", folder => Map(folder, [0, 0, 8, 1, 0, 0, 0, 2, 0, 1])),
            (
                "mapped-classes",
                folder =>
                {
                    using var images = Images(4);
                    using var many = new ImageDataset(
                        "images",
                        images.Pixels.clone(),
                        images.Labels.clone(),
                        [.. Enumerable.Range(0, 257).Select(i => $"{i}")]
                    );
                    MemoryMappedImageDataset.Write(many, folder["images"], folder["labels"]);
                }
            ),
            (
                "download-in-use",
                folder =>
                {
                    using var held = new FileStream(folder["set.gz.partial"], FileMode.Create, FileAccess.Write, FileShare.None);
                    Download(folder, new Server(HttpStatusCode.OK));
                }
            ),
            ("download-sum", folder => Download(folder, new Server(HttpStatusCode.OK))),
            ("download-too-long", folder => Download(folder, new Server(HttpStatusCode.OK), maximumBytes: 2)),
            ("download-cut-off", folder => Download(folder, new Server(HttpStatusCode.OK) { SaysItHas = 9 })),
            ("archive-entry", folder => Extract(folder, new UstarTarEntry(TarEntryType.RegularFile, "../a"))),
            (
                "archive-damaged",
                folder =>
                {
                    File.WriteAllText(folder["set.tar.gz"], "no archive");
                    TarArchive.Extract(folder["set.tar.gz"], folder.Root, "set", new Dictionary<string, long> { ["a"] = 1 });
                }
            ),
            (
                "archive-cut-off",
                folder =>
                {
                    Write(
                        folder["set.tar.gz"],
                        new byte[300]
                            .Select(_ => (byte)'x')
                            .ToArray()
                    );
                    TarArchive.Extract(folder["set.tar.gz"], folder.Root, "set", new Dictionary<string, long> { ["a"] = 1 });
                }
            ),
            ("images-tensors", _ => new ImageDataset("mine", zeros(2, 3, 4, 4), zeros(2, dtype: ScalarType.Int64), ["a"])),
            (
                "images-order",
                _ => new ImageDataset(
                    "mine",
                    zeros(2, 28, 28, 1, dtype: ScalarType.Byte),
                    zeros(2, dtype: ScalarType.Int64),
                    ["a"]
                )
            ),
            (
                "mapped-order",
                folder =>
                {
                    File.WriteAllBytes(
                        folder["images"],
                        [0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0, 3, .. new byte[75]]
                    );
                    File.WriteAllBytes(folder["labels"], [0, 0, 8, 1, 0, 0, 0, 1, 0]);
                    MemoryMappedImageDataset.Open("mine", folder["images"], folder["labels"], ["a"]).Dispose();
                }
            ),
            (
                "images-own-order",
                _ => ChosenImages.Read(new ReversedImages([2, 8, 8, 3]), new BatchRequest { BatchSize = 1 }, [0]).Count()
            ),
            ("images-train-test", _ => new ImageDatasets(Images(4), Images(5))),
            ("images-subset", _ => new ImageSubset(Images(4), [7])),
            ("images-split", _ => Images(4).Split(0.001)),
            (
                "images-chosen",
                _ =>
                    new ImageSubset(new OwnImages(Images(4)) { Normalization = null }, [0])
                        .Read(new BatchRequest { BatchSize = 1 })
                        .Count()
            ),
            ("images-map", _ => Images(4).Map(pixels => pixels[..1])),
            ("augmentation-shape", _ => new RandomHorizontalFlip().Apply(zeros(3, 4))),
            ("augmentation-colors", _ => new ColorJitter { Normalization = ImageNormalization.Cifar10 }.Apply(zeros(2, 1, 4, 4))),
            (
                "augmentation-mixing",
                _ => new MixUp { ClassCount = 3 }.Apply(zeros(2, 1, 4, 4), zeros(2, 3, dtype: ScalarType.Int64))
            ),
            ("augmentation-images", _ => new CutMix { ClassCount = 3 }.Apply(zeros(2, 1, 4, 4))),
            ("batch-counts", _ => new Batch(zeros(2, 3), zeros(3, dtype: ScalarType.Int64))),
            (
                "loader-entry",
                _ =>
                {
                    using var loader = new TorchSharp.Modules.DataLoader(new Unlabelled(), 2);
                    BatchSource.From(loader).Read(new BatchRequest { BatchSize = 2 }).Count();
                }
            ),
            ("metric-shape", _ => new Accuracy().Measure(zeros(4, 1), zeros(4, 1))),
            ("metric-classes", _ => new F1Score(4).Measure(zeros(2, 3), zeros(2, dtype: ScalarType.Int64))),
            ("metric-rows", _ => Measured(new ScalarRows())),
            (
                "sampling-few",
                _ =>
                    Sample(
                        new WeightedSampling
                        {
                            Weights = [1, 1],
                            SamplesPerEpoch = 3,
                            Replacement = false,
                        }
                    )
            ),
            ("confusion-matrix", _ => new ConfusionMatrix(new long[2, 3])),
        ];

    private static readonly IdxDataset OwnSet = new()
    {
        Title = "My set",
        Name = "mine",
        Subfolders = ["mine"],
        ClassNames = ["a"],
        Normalization = ImageNormalization.Centered(1),
        Train = new(1, ("train-images", ""), ("train-labels", "")),
        Test = new(1, ("test-images", ""), ("test-labels", "")),
    };

    private static void Measured(Metric metric) =>
        new Trainer(new TrainerOptions { Metrics = [metric], Device = "cpu" }).Evaluate(TinyModel.Create(), new TinyData(16));

    private static void Sample(Sampling sampling)
    {
        using var images = Images(4);
        SampledImages.Apply(new FitData { Train = images }, images, sampling, ignoreIndex: null);
    }

    private sealed class ScalarRows : Metric
    {
        public override string Name => "rows";

        public override bool KeepsSamples => true;

        public override Tensor Measure(Tensor outputs, Tensor targets) => outputs.sum();

        public override double Compute(ReadOnlySpan<double> total, long sampleCount) => 0;
    }

    public static ImageDataset Images(int side) =>
        new("images", zeros(2, 1, side, side, dtype: ScalarType.Byte), zeros(2, dtype: ScalarType.Int64), ["a"]);

    private static void ReadCifar10(TempFolder folder, byte[] bytes)
    {
        File.WriteAllBytes(folder["b.bin"], bytes);
        Cifar10File.Read(folder["b.bin"], 1, new byte[3072], new long[1]);
    }

    private static void ReadIdx(TempFolder folder, byte[] bytes, string ending = "")
    {
        File.WriteAllBytes(folder["f" + ending], bytes);
        using var file = IdxFile.Open(folder["f" + ending], [1], DatasetFormatException.Replace);
        file.Require(2);
        file.Read(new byte[2]);
    }

    private static void Map(TempFolder folder, byte[] labels, Action<string>? damage = null)
    {
        using var images = Images(4);
        MemoryMappedImageDataset.Write(images, folder["images"], folder["labels"]);
        damage?.Invoke(folder["images"]);
        if (labels.Length > 0)
        {
            File.WriteAllBytes(folder["labels"], labels);
        }

        MemoryMappedImageDataset.Open("mine", folder["images"], folder["labels"], images.ClassNames).Dispose();
    }

    private static void WriteIdx(string path, byte value, params int[] sizes)
    {
        byte[] content = new byte[sizes.Aggregate(1, (product, size) => product * size)];
        content.AsSpan().Fill(value);
        Write(
            path,
            [
                0,
                0,
                8,
                (byte)sizes.Length,
                .. sizes.SelectMany(size => BitConverter.GetBytes(IPAddress.HostToNetworkOrder(size))),
                .. content,
            ]
        );
    }

    private static void Write(string path, byte[] bytes)
    {
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(bytes);
    }

    private static void Extract(TempFolder folder, TarEntry entry)
    {
        using (var tar = new TarWriter(new GZipStream(File.Create(folder["set.tar.gz"]), CompressionLevel.Fastest)))
        {
            tar.WriteEntry(entry);
        }

        TarArchive.Extract(folder["set.tar.gz"], folder.Root, "set", new Dictionary<string, long> { ["a"] = 1 });
    }

    private static void Download(TempFolder folder, HttpMessageHandler server, long maximumBytes = 1000) =>
        new Downloader(new DatasetOptions { HttpHandler = server }, pause: TimeSpan.Zero).Download(
            new PublishedFile("set.gz", new Uri("https://example.invalid/"), new string('0', 64), maximumBytes),
            folder["set.gz"]
        );

    /// <summary>Answers three bytes, or no bytes with a status.</summary>
    private sealed class Server(HttpStatusCode status) : HttpMessageHandler
    {
        public long? SaysItHas { get; init; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new StreamContent(new MemoryStream([1, 2, 3]));
            content.Headers.ContentLength = SaysItHas ?? 3;
            return Task.FromResult(new HttpResponseMessage(status) { Content = content });
        }
    }

    private sealed class Unlabelled : utils.data.Dataset
    {
        public override long Count => 2;

        public override Dictionary<string, Tensor> GetTensor(long index) => new() { ["data"] = zeros(2) };
    }
}
