using System.Globalization;
using System.Text.Json;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Callbacks;

[Collection("Torch")]
public sealed class RunFilesTests
{
    [Fact]
    public void CsvLogger_InAGermanCulture_WritesPointsAndTheDocumentedColumns()
    {
        using var folder = new TempFolder();
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            var history = Fit(epochs: 2, new CsvLogger { Path = folder["m.csv"] });
            string[] lines = File.ReadAllLines(folder["m.csv"]);

            Assert.Equal(
                "epoch,train_loss,train_accuracy,test_loss,test_accuracy,learning_rate,seconds,samples_per_second",
                lines[0]
            );
            Assert.Equal(3, lines.Length);
            string[] cells = lines[2].Split(',');
            Assert.Equal(8, cells.Length);
            Assert.Equal(history.Epochs[1]["test_loss"]!.Value, double.Parse(cells[3], CultureInfo.InvariantCulture));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void ModelCheckpoint_KeepsTheLastAndTheBestEpoch()
    {
        using var folder = new TempFolder();
        var checkpoint = new ModelCheckpoint { Directory = folder.Root };

        var history = Fit(epochs: 3, checkpoint);

        int best = history.Best("test_loss", higherIsBetter: false)!.Epoch;
        using var bestFile = Safetensors.Read(checkpoint.BestPath!);
        using var lastFile = Safetensors.Read(folder["last.safetensors"]);
        Assert.Equal(best.ToString(CultureInfo.InvariantCulture), bestFile.Metadata["epoch"]);
        Assert.Equal("3", lastFile.Metadata["epoch"]);
        Assert.Equal(
            ["hidden.bias", "hidden.weight", "out.bias", "out.weight"],
            lastFile.Tensors.Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void RunRecorder_WritesOptionsDataAndOutcome()
    {
        using var folder = new TempFolder();
        var history = Fit(
            epochs: 2,
            new RunRecorder
            {
                Path = folder["run.json"],
                Extra = new() { ["name"] = "a run" },
            }
        );

        using var json = JsonDocument.Parse(File.ReadAllText(folder["run.json"]));
        var root = json.RootElement;
        Assert.Equal("completed", root.GetProperty("status").GetString());
        Assert.Equal("a run", root.GetProperty("name").GetString());
        Assert.Equal("tiny", root.GetProperty("source").GetString());
        Assert.Equal(256, root.GetProperty("data").GetProperty("train_samples").GetInt64());
        Assert.Equal(5, root.GetProperty("seed").GetInt64());
        Assert.Equal(2, root.GetProperty("epochs_done").GetInt32());
        Assert.Equal("Adam", root.GetProperty("trainer").GetProperty("optimizer").GetProperty("name").GetString());
        Assert.Equal(history.Epochs[^1]["test_accuracy"], root.GetProperty("final").GetProperty("test_accuracy").GetDouble());
        Assert.True(root.GetProperty("best").TryGetProperty("test_loss", out _));
        Assert.False(string.IsNullOrEmpty(root.GetProperty("versions").ToString()));
    }

    [Fact]
    public void RunRecorder_OfARunThatFails_SaysSo()
    {
        using var folder = new TempFolder();

        Assert.Throws<CallbackException>(() => Fit(epochs: 2, new RunRecorder { Path = folder["run.json"] }, new Failing()));

        using var json = JsonDocument.Parse(File.ReadAllText(folder["run.json"]));
        Assert.Equal("failed", json.RootElement.GetProperty("status").GetString());
        Assert.Contains("the test's own", json.RootElement.GetProperty("stop_message").GetString()!, StringComparison.Ordinal);
    }

    private sealed class Failing : Callback
    {
        public override void OnEpochEnd(EpochEndEvent e) => throw new InvalidTimeZoneException("the test's own");
    }

    private static TrainingHistory Fit(int epochs, params Callback[] callbacks)
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var trainer = new Trainer(new TrainerOptions { Epochs = epochs, Seed = 5 });
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        return trainer.Fit(model, data, data);
    }
}
