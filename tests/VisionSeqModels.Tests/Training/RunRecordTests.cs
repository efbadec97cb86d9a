using System.Text.Json.Nodes;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests.Training;

/// <summary>run.json, byte for byte, and back.</summary>
public sealed class RunRecordTests
{
    private static readonly RunRecord Sample = new()
    {
        Status = StopReason.StoppedEarly,
        StopMessage = "enough",
        Started = new DateTimeOffset(2026, 5, 4, 10, 0, 0, 123, TimeSpan.FromHours(2)),
        Seconds = 12.5,
        Source = "tiny",
        Data = new RunRecord.DataPart
        {
            Source = "tiny",
            TrainSamples = 64,
            ImageShape = [1, 8, 9],
            ClassNames = ["cat", "é"],
        },
        Model = new RunRecord.ModelPart
        {
            Name = "LeNet",
            Parameters = 42,
            Options = new JsonObject { ["fc1_size"] = 3 },
        },
        Trainer = new JsonObject { ["epochs"] = 2 },
        Seed = long.MaxValue,
        Device = "cuda:0",
        Threads = 3,
        Versions = new JsonObject { ["dotnet"] = "10" },
        Steps = 7,
        Best = new Dictionary<string, RunRecord.BestPart>
        {
            ["train_loss"] = new() { Value = 0.1, Epoch = 1 },
        },
        Epochs = [Epoch(1, 0.1, isPartial: false), Epoch(2, double.NaN, isPartial: true)],
        Resumes =
        [
            new ResumeRecord
            {
                Time = new DateTimeOffset(2026, 5, 4, 11, 0, 0, 5, TimeSpan.Zero),
                Epoch = 1,
                Step = 4,
                Changes = ["epochs 1 became 2"],
            },
        ],
    };

    private const string Expected = """
        {
          "format": 1,
          "status": "stopped_early",
          "stop_message": "enough",
          "started": "2026-05-04T10:00:00\u002B02:00",
          "seconds": 12.5,
          "source": "tiny",
          "data": {
            "source": "tiny",
            "train_samples": 64,
            "validation_samples": null,
            "test_samples": null,
            "image_shape": [
              1,
              8,
              9
            ],
            "class_names": [
              "cat",
              "\u00E9"
            ]
          },
          "model": {
            "name": "LeNet",
            "parameters": 42,
            "options": {
              "fc1_size": 3
            }
          },
          "trainer": {
            "epochs": 2
          },
          "seed": 9223372036854775807,
          "device": "cuda:0",
          "threads": 3,
          "versions": {
            "dotnet": "10"
          },
          "epochs_done": 1,
          "steps": 7,
          "final": {
            "epoch": 2,
            "train_loss": "NaN",
            "learning_rate": 0.01,
            "samples_per_second": 12
          },
          "best": {
            "train_loss": {
              "value": 0.1,
              "epoch": 1
            }
          },
          "epochs": [
            {
              "epoch": 1,
              "metrics": {
                "train_loss": 0.1
              },
              "learning_rate": 0.01,
              "seconds": 2,
              "samples_per_second": 12,
              "steps": 4,
              "samples": 24,
              "is_finite": true,
              "is_partial": false,
              "train_loss": 0.1
            },
            {
              "epoch": 2,
              "metrics": {
                "train_loss": "NaN"
              },
              "learning_rate": 0.01,
              "seconds": 2,
              "samples_per_second": 12,
              "steps": 4,
              "samples": 24,
              "is_finite": true,
              "is_partial": true,
              "train_loss": "NaN"
            }
          ],
          "resumes": [
            {
              "time": "2026-05-04T11:00:00.005\u002B00:00",
              "epoch": 1,
              "step": 4,
              "changes": [
                "epochs 1 became 2"
              ]
            }
          ]
        }

        """;

    [Fact]
    public void Write_GivesTheseBytes()
    {
        using var folder = new TempFolder();
        Sample.Write(folder["run.json"]);
        Assert.Equal(Expected.ReplaceLineEndings("\n"), File.ReadAllText(folder["run.json"]));
    }

    [Fact]
    public void ReadAndWrittenAgain_IsTheSameToTheByte_ExtraEntriesIncluded()
    {
        using var folder = new TempFolder();
        var extra = new JsonObject { ["command"] = "train --seed 1", ["nothing"] = null };
        (Sample with { Extra = extra }).Write(folder["run.json"]);
        var read = RunRecord.Read(folder.Root);
        Directory.CreateDirectory(folder["again"]);
        read.Write(folder["again/run.json"]);
        Assert.Equal(File.ReadAllText(folder["run.json"]), File.ReadAllText(folder["again/run.json"]));
        Assert.Equal(extra.ToJsonString(), read.Extra!.ToJsonString());
        Assert.Equal((42L, 64L, StopReason.StoppedEarly), (read.Model!.Parameters, read.Data!.TrainSamples, read.Status));
    }

    [Fact]
    public void AnExtraEntry_ReplacesTheRunsOwnInItsPlace()
    {
        using var folder = new TempFolder();
        (Sample with { Extra = new JsonObject { ["model"] = "mine" } }).Write(folder["run.json"]);
        Assert.Contains("\"model\": \"mine\",\n  \"trainer\"", File.ReadAllText(folder["run.json"]), StringComparison.Ordinal);
        Assert.Null(RunRecord.Read(folder.Root).Model);
    }

    [Theory]
    [InlineData("data", "3")]
    [InlineData("model", "[]")]
    [InlineData("model", """{"parameters": "many"}""")]
    [InlineData("best", """{"train_loss": {}}""")]
    [InlineData("versions", "null")]
    [InlineData("trainer", "7")]
    public void APartThatOnlyDescribesTheRun_IsLeftOutWhereItIsSomethingElse(string key, string value)
    {
        using var folder = new TempFolder();
        (Sample with { Extra = new JsonObject { [key] = JsonNode.Parse(value) } }).Write(folder["run.json"]);
        Assert.Equal(2, TrainingHistory.Load(folder.Root).Epochs.Count);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("device")]
    [InlineData("epochs")]
    [InlineData("resumes")]
    public void ARecordWithoutItsCore_IsNone(string key)
    {
        using var folder = new TempFolder();
        (Sample with { Extra = new JsonObject { [key] = null } }).Write(folder["run.json"]);
        string message = Assert.Throws<InvalidDataException>(() => RunRecord.Read(folder.Root)).Message;
        Assert.Contains("run.json' is no record of a run: ", message, StringComparison.Ordinal);
    }

    private static EpochRecord Epoch(int epoch, double loss, bool isPartial) =>
        new()
        {
            Epoch = epoch,
            Metrics = new Dictionary<string, double> { ["train_loss"] = loss },
            LearningRate = 0.01,
            Seconds = 2,
            SamplesPerSecond = 12,
            Steps = 4,
            Samples = 24,
            IsPartial = isPartial,
        };
}
