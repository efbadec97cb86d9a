using System.Globalization;
using System.Text.Json;

namespace VisionSeqModels.Tests;

/// <summary>The sample with pictures of one's own.</summary>
public sealed class OwnImagesTests
{
    [Fact]
    public void DrawnPictures_AreLearned_AndTheErrorsAreListed()
    {
        using var folder = new TempFolder();
        var result = Sample.Run("OwnImages", folder, "--out", folder["run"]);

        result.AssertDone();
        using var json = Json(folder["run/run.json"]);
        Assert.Equal("folder", json.RootElement.GetProperty("source").GetString());
        double accuracy = json.RootElement.GetProperty("final").GetProperty("test_accuracy").GetDouble();
        Assert.True(accuracy >= 0.85, $"accuracy: {accuracy}");
        string said = string.Create(CultureInfo.InvariantCulture, $"Test accuracy: {accuracy:f4}");
        Assert.Contains(said, result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["run/model.safetensors"]));
        using var errors = Json(folder["run/errors.json"]);
        Assert.Equal(240, errors.RootElement.GetProperty("sample_count").GetInt32());
    }

    [Fact]
    public void PicturesOfOnesOwn_AreRead_AndBrokenOnesAreLeftOut()
    {
        using var folder = new TempFolder();
        Sample.Run("OwnImages", folder, "--quick", "--epochs", "1", "--out", folder["drawn"]).AssertDone();
        int pictures = Directory.GetFiles(folder["drawn/pictures"], "*", SearchOption.AllDirectories).Length;
        Assert.True(pictures > 0, "The sample drew no picture.");
        File.WriteAllText(folder["drawn/pictures/box/notes.txt"], "no picture");

        var result = Sample.Run(
            "OwnImages",
            folder,
            "--quick",
            "--epochs",
            "1",
            "--model",
            "resnet",
            "--data-dir",
            folder["drawn/pictures"],
            "--out",
            folder["run"]
        );

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("notes.txt", result.Error, StringComparison.Ordinal);
        Assert.Contains("Classes: ball, bottle, box, star", result.Output, StringComparison.Ordinal);
        using var json = Json(folder["run/run.json"]);
        var data = json.RootElement.GetProperty("data");
        Assert.Equal(1, data.GetProperty("skipped_files").GetInt32());
        Assert.Equal(pictures, data.GetProperty("train_samples").GetInt32() + data.GetProperty("test_samples").GetInt32());
        Sample.Run("OwnImages", folder, "--data-dir", folder["nowhere"]).AssertFailed(1, "nowhere");
    }

    private static JsonDocument Json(string path) => JsonDocument.Parse(File.ReadAllText(path));
}
