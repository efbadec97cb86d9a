using System.Globalization;
using System.Text.Json;

namespace VisionSeqModels.Tests;

/// <summary>The sample with sequences of one's own keeps what docs/own-sequences.md says of it.</summary>
public sealed class OwnSequencesTests
{
    [Fact]
    public void Gestures_AreRecognisedAndForecastsBeatTheLastValue_AsThePageSays()
    {
        using var folder = new TempFolder();
        var result = Sample.Run("OwnSequences", folder, "--out", folder["run"]);

        result.AssertDone();
        using var json = Json(folder["run/gestures"]);
        Assert.Equal("synthetic", json.RootElement.GetProperty("source").GetString());
        Assert.True(json.RootElement.GetProperty("final").GetProperty("test_accuracy").GetDouble() >= 0.95);
        Assert.True(File.Exists(folder["run/gestures/prefix_accuracy.png"]));
        var factors = Factors(folder["run"]);
        Assert.True(factors["sine"] >= 3, $"sine: {factors["sine"]}");
        Assert.True(factors["plant"] >= 2, $"plant: {factors["plant"]}");
    }

    [Fact]
    public void TablesOfOnesOwn_AreRead_AndTheirFaultsAreOneSentence()
    {
        using var folder = new TempFolder();
        Sample.Run("OwnSequences", folder, "--quick", "--epochs", "1", "--out", folder["drawn"]).AssertDone();
        Directory.CreateDirectory(folder["own"]);
        foreach (string name in new[] { "gestures.csv", "sine.csv", "plant.csv" })
        {
            File.Copy(folder["drawn/" + name], folder["own/" + name]);
        }

        Sample
            .Run("OwnSequences", folder, "--quick", "--epochs", "1", "--data-dir", folder["own"], "--out", folder["run"])
            .AssertDone();
        using var json = Json(folder["run/gestures"]);
        Assert.Equal("table", json.RootElement.GetProperty("source").GetString());
        Assert.Equal(Factors(folder["drawn"]), Factors(folder["run"]));

        File.AppendAllText(folder["own/gestures.csv"], "person0,0,1,far,1,circle\n");
        var result = Sample.Run("OwnSequences", folder, "--quick", "--data-dir", folder["own"], "--out", folder["bad"]);
        result.AssertFailed(1, "'x' is 'far', no finite number");
    }

    private static Dictionary<string, double> Factors(string run) =>
        File.ReadLines(Path.Combine(run, "forecasts.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .ToDictionary(cells => cells[0], cells => double.Parse(cells[3], CultureInfo.InvariantCulture));

    private static JsonDocument Json(string run) => JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "run.json")));
}
