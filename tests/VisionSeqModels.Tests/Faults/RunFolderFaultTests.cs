using System.Globalization;
using System.Text.Json.Nodes;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Faults;

/// <summary>Run folders under odd names and cultures, folders that cannot be written to, two trainers in one, clocks that
/// are set back.</summary>
[Collection("Torch")]
public sealed class RunFolderFaultTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 8,
        Seed = 1,
        Device = "cpu",
        LogEverySteps = 1,
    };

    // What a clock says, and what hangs on the folder's name.
    private static readonly string[] Times = ["time", "started", "seconds", "samples_per_second", "operating_system"];

    /// <summary>Commas for points, another calendar, another alphabet's lower case: every text that a run writes is the
    /// same, and reads back.</summary>
    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    public void AnyCultureAndAnyLetters_GiveTheSameFiles(string culture)
    {
        using var folder = new TempFolder();
        string odd = folder["Übung 3 – größer (数据) \ud83d\udcc8"];
        var before = CultureInfo.CurrentCulture;
        Run(folder["plain"]);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.NotEqual("1.5 2024", $"{1.5} {new DateTime(2024, 5, 6):yyyy}");
            Run(odd);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal(Files(folder["plain"]), Files(odd));
        Assert.Equal(Rows(folder["plain"]), Rows(odd));
        foreach (string name in new[] { "run.json", "activations.json", "events.jsonl" })
        {
            Assert.Equal(Texts(Path.Combine(folder["plain"], name)), Texts(Path.Combine(odd, name)));
        }
    }

    [Fact]
    public void SecondTrainerInTheFolder_IsRefused_AndTheFirstIsNotDisturbed()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        using var other = TinyModel.Create();
        var options = Options with { RunDirectory = folder["run"] };
        var errors = new List<string>();
        var trainer = new Trainer(options)
        {
            Callbacks =
            {
                new TracingCallback([])
                {
                    At = "StepEnd 2",
                    Act = _ =>
                    {
                        errors.Add(Assert.Throws<IOException>(() => new Trainer(options).Fit(other, data)).Message);
                        errors.Add(
                            Assert.Throws<IOException>(() => new Trainer(options).Resume(folder["run"], other, data)).Message
                        );
                    },
                },
            },
        };

        Assert.Equal(StopReason.Completed, trainer.Fit(model, data).StopReason);

        Assert.Contains("already holds a run", errors[0], StringComparison.Ordinal);
        Assert.Contains("is in use by another run", errors[1], StringComparison.Ordinal);
        Assert.Equal(2, TrainingHistory.Load(folder["run"]).Epochs.Count);
    }

    /// <summary>A file that cannot be replaced, as on a full disk: the run ends with its name, and resumes to the same bits
    /// once it can.</summary>
    [Theory]
    [InlineData("metrics.csv")]
    [InlineData("run.json")]
    [InlineData("checkpoints/last.safetensors")]
    [InlineData("checkpoints/last.state.safetensors")]
    public void WriteThatFails_EndsTheRun_WhichGoesOnAfterwards(string name)
    {
        using var folder = new TempFolder();
        string whole = Train(folder["whole"]);
        string path = Path.Combine(folder["run"], name);
        var block = new TracingCallback([])
        {
            At = "StepEnd 6",
            Act = _ =>
            {
                File.Delete(path);
                Directory.CreateDirectory(Path.Combine(path, "in the way"));
            },
        };

        var error = Assert.ThrowsAny<Exception>(() => Train(folder["run"], block));
        Assert.Contains(Path.GetFileName(path), error.Message, StringComparison.Ordinal);
        Assert.True(error is CallbackException or IOException or UnauthorizedAccessException, error.ToString());
        Assert.DoesNotContain(
            Directory.GetFiles(folder["run"], "*", SearchOption.AllDirectories),
            file => file.EndsWith(".tmp", StringComparison.Ordinal)
        );

        Directory.Delete(path, recursive: true);
        Assert.Equal(whole, Train(folder["run"]));
    }

    [Fact]
    public void FolderBelowAFile_IsRefusedByEveryWriter_AndNothingIsMade()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], "");
        string below = Path.Combine(folder["file"], "sub");
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        using var scope = NewDisposeScope();

        Assert.Contains(
            "cannot be written to",
            Assert.Throws<IOException>(() => new Trainer(Options with { RunDirectory = below }).Fit(model, data)).Message,
            StringComparison.Ordinal
        );
        Assert.ThrowsAny<IOException>(() => model.SaveWeights(Path.Combine(below, "w.safetensors")));
        Assert.ThrowsAny<IOException>(() =>
            Charts.LearningCurves(new Trainer(Options).Fit(model, data)).SavePng(Path.Combine(below, "c.png"))
        );
        Assert.ThrowsAny<IOException>(() =>
            Study.Run(
                below,
                StudyPlan.List(("a", 1)),
                (_, _) => new StudyTrial { Model = TinyModel.Create(), Options = Options },
                new FitData { Train = data }
            )
        );
        Assert.Equal([folder["file"]], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void ClockThatIsSetBack_NeverGivesAFolderTwice()
    {
        using var folder = new TempFolder();
        var clock = new SetClock { Now = new DateTimeOffset(2026, 10, 25, 2, 30, 0, TimeSpan.Zero) };
        var made = new HashSet<string>();
        foreach (double hours in new[] { 0, 0, -1, 0, 1, -1 }) // also what happens each autumn
        {
            clock.Now = clock.Now.AddHours(hours);
            string path = RunDirectory.New(folder.Root, "run", clock);
            Assert.True(made.Add(path));
            Directory.CreateDirectory(path);
        }
    }

    /// <summary>Other programs cut a file while it is read: what was read is whole, or it is said that it became
    /// shorter.</summary>
    [Fact]
    public void FileThatShrinksWhileItIsRead_IsWholeOrRefused()
    {
        using var folder = new TempFolder();
        using (var scope = NewDisposeScope())
        {
            Safetensors.Write(folder["sound"], [new("a", zeros(1 << 20, dtype: ScalarType.Byte))]);
        }

        byte[] sound = File.ReadAllBytes(folder["sound"]);
        string path = folder["shrinks"];
        for (int i = 0; i < 60; i++)
        {
            File.WriteAllBytes(path, sound);
            using var begin = new Barrier(2);
            var cut = new Thread(() =>
            {
                begin.SignalAndWait();
                Thread.SpinWait(i * 2000);
                using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                stream.SetLength(100_000);
            });
            cut.Start();
            begin.SignalAndWait();
            try
            {
                using var content = Safetensors.Read(path);
                Assert.Equal(1 << 20, content.Tensors["a"].numel());
            }
            catch (InvalidDataException e)
            {
                Assert.Matches("became shorter while it was read|the file is cut off", e.Message);
            }

            cut.Join();
        }
    }

    /// <summary>A run with all that is written, resumed, read back.</summary>
    private static void Run(string folder)
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 24,
                TestCount = 16,
                Size = 16,
            }
        );
        using var model = VisionModels.LeNet(
            new LeNetOptions
            {
                ImageHeight = 16,
                ImageWidth = 16,
                Conv1Channels = 2,
                Conv2Channels = 2,
                Fc1Size = 8,
                Fc2Size = 8,
                Seed = 1,
            }
        );
        var first = new Trainer(Options with { Epochs = 1, RunDirectory = folder }).Fit(model, data.Train, data.Test);
        var history = new Trainer(Options).Resume(folder, model, data.Train, data.Test);
        var read = TrainingHistory.Load(folder);
        Assert.Equal(history["test_loss"], read["test_loss"]);
        Assert.Equal(first.StartedAt, read.StartedAt, TimeSpan.FromSeconds(1));
        Assert.True(model.LoadWeights(Path.Combine(folder, "checkpoints", "best.safetensors")).IsComplete);
        Charts.LearningCurves(history).SavePng(Path.Combine(folder, "again.png"));
    }

    private static string Train(string folder, Callback? callback = null)
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        var trainer = new Trainer(Options with { RunDirectory = folder, SaveStateEverySteps = 1 });
        if (callback is not null)
        {
            trainer.Callbacks.Add(callback);
        }

        _ = RunDirectory.CanResume(folder) ? trainer.Resume(folder, model, data) : trainer.Fit(model, data);
        return string.Concat(model.state_dict().Values.Select(tensor => Convert.ToHexString(tensor.bytes)));
    }

    private static string[] Files(string folder) =>
        [
            .. Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path))
                .Select(name => name.Contains("tfevents", StringComparison.Ordinal) ? "tfevents" : name)
                .Order(StringComparer.Ordinal),
        ];

    private static string[] Rows(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "metrics.csv")).Select(row => string.Join(',', row.Split(',')[..^2]))];

    private static string[] Texts(string path) =>
        Path.GetExtension(path) == ".jsonl"
            ? [.. File.ReadLines(path).Select(line => WithoutTimes(JsonNode.Parse(line))!.ToJsonString())]
            : [WithoutTimes(JsonNode.Parse(File.ReadAllText(path)))!.ToJsonString()];

    private static JsonNode? WithoutTimes(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject entries:
                foreach (var (name, value) in entries.ToList())
                {
                    if (Times.Contains(name))
                    {
                        entries.Remove(name);
                    }
                    else
                    {
                        WithoutTimes(value);
                    }
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    WithoutTimes(item);
                }

                break;
        }

        return node;
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
