using VisionSeqModels.TensorBoard;

namespace VisionSeqModels.Tests.Core;

/// <summary>A disk that fills up while a run writes: the run ends with the file's path and what to do, and what was written
/// before can be read.</summary>
[Collection("Torch")]
public sealed class FullDiskTests
{
    public static TheoryData<string, int> Loggers
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string logger in Make.Keys)
            {
                cases.Add(logger, 0);
                cases.Add(logger, 20);
            }

            return cases;
        }
    }

    private static Dictionary<string, Func<string, Callback>> Make { get; } =
        new()
        {
            ["metrics.csv"] = folder => new CsvLogger { Path = Path.Combine(folder, "metrics.csv") },
            ["events.jsonl"] = folder => new JsonLinesLogger { Path = Path.Combine(folder, "events.jsonl") },
            ["events.out.tfevents"] = folder => new TensorBoardLogger { Directory = folder },
            ["last.safetensors"] = folder => new ModelCheckpoint { Directory = folder },
        };

    [Theory]
    [MemberData(nameof(Loggers))]
    public void LoggerOnADiskThatFillsUp_SaysWhichFileAndWhatToDo_AndLeavesWholeRecords(string name, int room)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        using var disk = new FullDisk(room, full: false, only: name);
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 3,
                BatchSize = 16,
                Seed = 1,
            }
        )
        {
            Callbacks =
            {
                new TracingCallback([]) { At = "EpochEnd 2", Act = _ => disk.Fill() },
                Make[name](folder.Root),
            },
        };

        var error = Assert.ThrowsAny<Exception>(() => trainer.Fit(model, data));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"cannot be written: {FullDisk.Reason}. Make room or give another place.",
            error.Message,
            StringComparison.Ordinal
        );
        string file = Directory.GetFiles(folder.Root).Single(path => path.Contains(name, StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetFiles(folder.Root), path => path.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.True(new FileInfo(file).Length > 0);
    }

    [Fact]
    public void EventFile_AfterAFullDisk_HasWholeRecordsAndTakesMore()
    {
        using var folder = new TempFolder();
        string path;
        using (var disk = new FullDisk(room: 5, full: false))
        {
            using var writer = new EventFileWriter(folder.Root);
            path = writer.FilePath;
            writer.WriteScalar("a", 1, 1);
            long whole = new FileInfo(path).Length;
            disk.Fill();
            Assert.Contains(
                path,
                Assert.Throws<IOException>(() => writer.WriteScalar("a", 2, 2)).Message,
                StringComparison.Ordinal
            );
            Assert.Equal(whole, new FileInfo(path).Length);
        }
    }
}
