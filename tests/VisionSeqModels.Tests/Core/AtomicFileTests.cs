using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;
using VisionSeqModels.Tests.Conventions;
using VisionSeqModels.Tests.Errors;
using VisionSeqModels.Tests.Studies;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Core;

/// <summary>Nothing half-written, empty or disposed replaces a good file: every writer of a file, with a disk that is full at its
/// first byte and in the middle.</summary>
[Collection("Torch")]
public sealed class AtomicFileTests
{
    private const string Good = "the good file of before";

    private static Dictionary<string, Action<string>> Writers { get; } =
        new()
        {
            ["text"] = path => AtomicFile.WriteAllText(path, new string('x', 100)),
            ["bytes"] = path => AtomicFile.WriteAllBytes(path, new byte[100]),
            ["safetensors"] = path => Safetensors.Write(path, [new("a", zeros(20))]),
            ["weights"] = path => TinyModel.Create().SaveWeights(path),
            ["checksummed state"] = path =>
                AtomicFile.Write(
                    path,
                    s => ChecksummedSafetensors.Write(s, [new("a", zeros(20))], new Dictionary<string, string>())
                ),
            ["PNG"] = path => Chart().SavePng(path),
            ["HTML"] = path => new ReportPage("t").Save(path),
            ["JSON of a view"] = path => ResultFile.Save(path, new int[100], JsonFormat.Indented),
            ["mapped images"] = path => MemoryMappedImageDataset.Write(DataErrors.Images(4), path, path + "-labels"),
            ["mapped labels"] = path => MemoryMappedImageDataset.Write(DataErrors.Images(4), path + "-images", path),
            ["metrics.csv"] = path => Fit(new CsvLogger { Path = path }),
            ["best weights"] = path => Fit(new ModelCheckpoint { Directory = Path.GetDirectoryName(path) }),
            ["averaged weights"] = path => Fit(new ExponentialMovingAverage { Path = path }),
            ["study.json"] = path =>
                new StudyFile
                {
                    Question = "?",
                    Monitor = "test_loss",
                    HigherIsBetter = false,
                    Trials = [new StudyFile.Entry("a", new Dictionary<string, string>(), 1, "001")],
                }.Write(Path.GetDirectoryName(path)!),
            ["report.html of a study"] = path => Study(path).WriteReport(),
            ["report.md of a study"] = path => Study(path).WriteReport(),
            ["curves of a study"] = path => Study(path).WriteReport(),
            ["run.json"] = path => Record.Write(path),
        };

    private static readonly Dictionary<string, string> FileNames = new()
    {
        ["best weights"] = "last.safetensors",
        ["study.json"] = "study.json",
        ["report.html of a study"] = "report.html",
        ["report.md of a study"] = "report.md",
        ["curves of a study"] = "test_accuracy.png",
    };

    private static RunRecord Record =>
        new()
        {
            Status = StopReason.Completed,
            Started = DateTimeOffset.UnixEpoch,
            Seconds = 1,
            Seed = 1,
            Device = "cpu",
            Threads = 1,
            Steps = 1,
            Epochs = [],
            Resumes = [],
        };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string writer in Writers.Keys)
            {
                cases.Add(writer, 0);
                cases.Add(writer, 7);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void WriterOnAFullDisk_LeavesTheGoodFileAndNoHalfOne(string writer, int room)
    {
        using var folder = new TempFolder();
        string name = FileNames.GetValueOrDefault(writer, "file");
        string path = folder[name];
        File.WriteAllText(path, Good);
        using var scope = NewDisposeScope();
        using (new FullDisk(room, only: $"{name}."))
        {
            var error = Assert.ThrowsAny<Exception>(() => Writers[writer](path));

            Assert.Contains($"'{path}' cannot be written: {FullDisk.Reason}. Make room or give another place.", error.Message);
        }

        Assert.Equal(Good, File.ReadAllText(path));
        Assert.DoesNotContain(
            Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories),
            file => file.EndsWith(".tmp", StringComparison.Ordinal)
        );
    }

    public static TheoryData<string> EmptyOnes => [.. Empty.Keys];

    private static Dictionary<string, Action<string>> Empty { get; } =
        new()
        {
            ["no tensors"] = path => Safetensors.Write(path, []),
            ["a disposed tensor"] = path =>
            {
                var gone = zeros(2);
                gone.Dispose();
                Safetensors.Write(path, [new("a", gone)]);
            },
            ["a disposed model"] = path =>
            {
                var model = TinyModel.Create();
                model.Dispose();
                model.SaveWeights(path);
            },
            ["a model without weights"] = path => nn.Sequential(("a", nn.ReLU())).SaveWeights(path),
            ["weights that are NaN"] = path =>
            {
                var model = TinyModel.Create();
                using (no_grad())
                {
                    model.get_parameter("out.bias")!.fill_(float.NaN);
                }

                model.SaveWeights(path);
            },
            ["a disposed data set"] = path =>
            {
                var data = DataErrors.Images(4);
                data.Dispose();
                MemoryMappedImageDataset.Write(data, path, path + "-labels");
            },
        };

    [Theory]
    [MemberData(nameof(EmptyOnes))]
    public void NothingEmptyDisposedOrNonFinite_ReplacesAGoodFile(string what)
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        File.WriteAllText(folder["file"], Good);

        Assert.ThrowsAny<Exception>(() => Empty[what](folder["file"]));

        Assert.Equal(Good, File.ReadAllText(folder["file"]));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    /// <summary>A new writer of files is either atomic, or one of these, whose half-written files are looked at when they are
    /// read.</summary>
    [Fact]
    public void EveryFileOfTheLibrary_IsWrittenByAtomicFileOrIsNamedHere()
    {
        string[] others =
        [
            "Core/AtomicFile.cs",
            "Core/FileSystem.cs", // what all others write through
            "Callbacks/JsonLinesLogger.cs", // adds lines
            "TensorBoard/EventFileWriter.cs", // adds records to a new file
            "Studies/Ledger/FolderStore.cs", // in a folder that is renamed when it is whole; signs of life, which may be half
            "Data/Datasets/Downloader.cs", // the partial file, which is renamed when its sum is right
            "Data/Datasets/TarArchive.cs", // in a folder that is renamed when it is whole
            "buildTransitive/FixLibTorchSharp.cs", // has its own renaming: it is compiled by the build
        ];
        string[] marks =
        [
            "File.WriteAll",
            "File.AppendAll",
            "new StreamWriter",
            "FileMode.Create",
            "FileMode.OpenOrCreate",
            "FileMode.Append",
            "File.Create(",
            "File.OpenWrite",
            "File.Move",
        ];
        var found = SourceFiles
            .In("src/VisionSeqModels")
            .Where(file =>
                SourceFiles
                    .Lines(file)
                    .Any(line =>
                        marks.Any(mark =>
                            line.Text.Replace("AtomicFile.", "", StringComparison.Ordinal)
                                .Contains(mark, StringComparison.Ordinal)
                        )
                    )
            )
            .Select(file => file["src/VisionSeqModels/".Length..]);
        Assert.Equal(others.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Folder_IsFlushedAfterARename()
    {
        using var folder = new TempFolder();
        Assert.Equal(!OperatingSystem.IsWindows(), FolderFlush.Flush(folder.Root));
        Assert.False(FolderFlush.Flush(folder["not there"]));
    }

    private static void Fit(Callback callback)
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        new Trainer(new TrainerOptions { Epochs = 1, Seed = 1 }) { Callbacks = { callback } }.Fit(model, data, data);
    }

    private static Study Study(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        return new MadeUpStudy(folder)
            .Add("a", new() { ["f"] = "1" }, 1, 2, epoch => [("train_loss", 1), ("test_loss", 1), ("test_accuracy", epoch)])
            .Add("b", new() { ["f"] = "2" }, 1, 2, epoch => [("train_loss", 2), ("test_loss", 2), ("test_accuracy", epoch)])
            .Open();
    }

    private static Picture Chart() =>
        LineChart.Draw([
            new LineSeries
            {
                Name = "a",
                X = [1, 2],
                Y = [1, 2],
            },
        ]);
}
