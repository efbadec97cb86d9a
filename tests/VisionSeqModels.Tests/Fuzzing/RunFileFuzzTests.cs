using System.Text;
using System.Text.Json;
using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;
using VisionSeqModels.Visualization;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Fuzzing;

/// <summary>Damaged files of a run give what they hold or InvalidDataException; no tensor is left behind.</summary>
[Collection("Torch")]
public sealed class RunFileFuzzTests(ITestOutputHelper output)
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 8,
        Seed = 1,
        Device = "cpu",
        DefaultCallbacks = false,
        LogEverySteps = 1,
        Optimizer = new SgdOptions { LearningRate = 0.1, Momentum = 0.9 },
    };

    [Fact]
    public void Safetensors_Damaged()
    {
        using var folder = new TempFolder();
        using (var scope = NewDisposeScope())
        {
            Safetensors.Write(
                folder["a"],
                [new("a.weight", ones(2, 3)), new("b", tensor(7L)), new("none", zeros(0, 5))],
                new Dictionary<string, string> { ["k"] = "v" }
            );
            Safetensors.Write(
                folder["b"],
                [new("a", ones(4, dtype: ScalarType.Bool)), new("b.bias", ones(2, dtype: ScalarType.BFloat16))]
            );
        }

        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        new Fuzz(output).Read(
            [File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"])],
            bytes =>
            {
                File.WriteAllBytes(folder["any"], bytes);
                using var content = Safetensors.Read(folder["any"]);
                Assert.True(content.Tensors.Values.Sum(tensor => tensor.numel() * tensor.element_size()) <= bytes.Length);
            },
            e => e is InvalidDataException
        );
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void TrainingState_Damaged()
    {
        using var folder = new TempFolder();
        byte[] sound = SoundState(folder["run"]);
        var file = new StateFile(folder["other"]);
        Directory.CreateDirectory(Path.GetDirectoryName(file.Last)!);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        new Fuzz(output).Read(
            [sound],
            bytes =>
            {
                File.WriteAllBytes(file.Last, bytes);
                file.Read().Dispose();
            },
            e => e is InvalidDataException
        );
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>Behind a right checksum, as somebody who means harm can make it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resume_FromAForgedState_GoesOnOrSaysWhatIsWrong(bool document)
    {
        using var folder = new TempFolder();
        SoundState(folder["run"]);
        using var data = new TinyData(16);
        using var model = TinyModel.Create();
        using var sound = ChecksummedSafetensors.Read(new StateFile(folder["run"]).Last);
        string text = sound.Metadata["training_state"];
        byte[] optimizer = sound.Tensors["optimizer"].bytes.ToArray();
        Directory.CreateDirectory(folder["other/checkpoints"]);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        new Fuzz(output).Read(
            [document ? Encoding.UTF8.GetBytes(text) : optimizer],
            bytes =>
            {
                using (var scope = NewDisposeScope())
                using (var stream = File.Create(folder["other/checkpoints/last.state.safetensors"]))
                {
                    var tensors = new Dictionary<string, Tensor>(sound.Tensors)
                    {
                        ["optimizer"] = tensor(document ? optimizer : bytes, dtype: ScalarType.Byte),
                    };
                    ChecksummedSafetensors.Write(
                        stream,
                        tensors,
                        new Dictionary<string, string> { ["training_state"] = document ? Encoding.UTF8.GetString(bytes) : text }
                    );
                }

                new Trainer(Options) { Callbacks = { new EarlyStopping { Monitor = "train_loss" } } }.Resume(
                    folder["other"],
                    model,
                    data
                );
            },
            e =>
                e
                    is InvalidDataException
                        or InvalidOperationException
                        or CallbackException { InnerException: InvalidDataException },
            usual: 200
        );
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void RunJson_Damaged()
    {
        using var folder = new TempFolder();
        SoundState(folder["run"]);
        Directory.CreateDirectory(folder["other"]);
        new Fuzz(output).Read(
            [File.ReadAllBytes(folder["run/run.json"])],
            bytes =>
            {
                File.WriteAllBytes(folder["other/run.json"], bytes);
                var history = TrainingHistory.Load(folder["other"]);
                foreach (string metric in history.MetricNames)
                {
                    Assert.Equal(history.Epochs.Count, history[metric].Count);
                    _ = history.Best(metric, higherIsBetter: true);
                }

                Assert.All(history.Resumes, resume => Assert.NotNull(resume.Changes));
                Assert.NotNull(history.Device);
            },
            e => e is InvalidDataException
        );
    }

    [Fact]
    public void EventLines_Damaged_AreLeftOut()
    {
        using var folder = new TempFolder();
        SoundState(folder["run"]);
        byte[][] lines = [.. File.ReadLines(folder["run/events.jsonl"]).Select(Encoding.UTF8.GetBytes)];
        var history = TrainingHistory.Load(folder["run"]);
        int kept = 0;
        new Fuzz(output).Read(
            lines,
            bytes =>
            {
                bool isKept = JsonLinesLogger.BelongsToResumedRun(Encoding.UTF8.GetString(bytes), history.Epochs, history.Steps);
                kept += isKept ? 1 : 0;
                _ = isKept ? 0 : throw new InvalidDataException();
            },
            e => e is InvalidDataException
        );
        Assert.NotEqual(0, kept);
    }

    [Fact]
    public void StudyFile_Damaged()
    {
        using var folder = new TempFolder();
        var entry = new StudyFile.Entry("a", new Dictionary<string, string> { ["rate"] = "0.1" }, 1, "001_a");
        new StudyFile
        {
            Question = "Which?",
            Monitor = "test_loss",
            HigherIsBetter = false,
            Trials = [entry, entry with { Seed = 2, Folder = "002_a", Failure = "no" }],
        }.Write(folder.Root);
        new Fuzz(output).Read(
            [File.ReadAllBytes(folder[StudyFile.Name])],
            bytes =>
            {
                File.WriteAllBytes(folder[StudyFile.Name], bytes);
                var study = Study.Open(folder.Root);
                Assert.All(study.Trials, row => Assert.NotNull(row.Setting + string.Join(',', row.Factors.Keys)));
            },
            e => e is InvalidDataException
        );
    }

    /// <summary>A trial whose record is damaged is a row, and the report is drawn.</summary>
    [Fact]
    public void RecordOfATrial_Damaged_IsARowOfTheReport()
    {
        using var folder = new TempFolder();
        var entry = new StudyFile.Entry("a", new Dictionary<string, string> { ["rate"] = "0.1" }, 1, "001_a");
        new StudyFile
        {
            Question = "Which?",
            Monitor = "train_loss",
            HigherIsBetter = false,
            Halving = new SuccessiveHalvingOptions { MaximumEpochs = 4 },
            Trials = [entry],
        }.Write(folder.Root);
        SoundState(folder["001_a"]);
        new Fuzz(output).Read(
            [File.ReadAllBytes(folder["001_a/run.json"])],
            bytes =>
            {
                File.WriteAllBytes(folder["001_a/run.json"], bytes);
                var study = Study.Open(folder.Root);
                study.WriteReport();
                if (study.Trials.Single().Outcome == StopReason.Failed)
                {
                    throw new InvalidDataException(study.Trials[0].Reason);
                }
            },
            e => e is InvalidDataException,
            usual: 30
        );
    }

    [Fact]
    public void ActivationStatistics_Damaged()
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 4,
                TestCount = 4,
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
                Fc1Size = 4,
                Fc2Size = 4,
                Seed = 1,
            }
        );
        string json = ActivationStatistics
            .Measure(model, data.Test, new ActivationStatisticsOptions { MaximumBinCount = 8 })
            .ToJson();
        new Fuzz(output).Read(
            [Encoding.UTF8.GetBytes(json)],
            bytes =>
            {
                var report = ActivationStatistics.FromJson(Encoding.UTF8.GetString(bytes));
                Assert.All(report.Layers, layer => Assert.NotNull(layer.Name + layer.Title));
                Assert.All(
                    report.Layers.SelectMany(layer => layer.Channels.Append(layer.All)),
                    channel => Assert.NotNull(channel.Histogram.Counts)
                );
                Assert.NotEmpty(report.ToJson());
            },
            e => e is JsonException
        );
    }

    /// <summary>A short run; the bytes of its state.</summary>
    private static byte[] SoundState(string folder)
    {
        using var data = new TinyData(16);
        using var model = TinyModel.Create();
        var trainer = new Trainer(Options with { RunDirectory = folder })
        {
            Callbacks =
            {
                new RunRecorder(),
                new JsonLinesLogger(),
                new EarlyStopping { Monitor = "train_loss" },
            },
        };
        trainer.Fit(model, data);
        return File.ReadAllBytes(new StateFile(folder).Last);
    }
}
