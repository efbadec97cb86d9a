using CsCheck;
using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Core;

[Collection("Torch")]
public sealed class CsvTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData(" spaced ", "\" spaced \"")]
    [InlineData("=1+1", "=1+1")] // not changed: a program must find the metric under its own name
    [InlineData("", "")]
    public void Field_IsQuotedWhereItMustBe(string field, string expected) =>
        Assert.Equal($"{expected},x\n", CsvText.Row([field, "x"]));

    [Fact]
    public void AnyTexts_AreReadBackAsTheyWere() =>
        Gen.Char[" \",=+-@'\r\n\tabc;é"]
            .Array[0, 6]
            .Select(letters => new string(letters))
            .Array[2, 5]
            .Sample(fields => Assert.Equal(fields, CsvReader.Read(CsvText.Row(fields)).Single()), iter: 2000, threads: 1);

    public static TheoryData<string> Names => ["a,b", "say \"hi\"", "=cmd|' /C calc'!A0", "two\nlines", "@sum", "-1+2", "x=1"];

    /// <summary>The one writer of CSV in the library. The file that a resumed run writes is that of a run in one piece.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void MetricsFile_NamesAMetricAsTheUserDoes_AlsoAfterResume(string name)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        var whole = Fit(folder["whole"], name, data, epochs: 2);
        Fit(folder["run"], name, data, epochs: 1);
        using var model = TinyModel.Create();
        Trainer(folder["run"], name, epochs: 2).Resume(folder["run"], model, data);

        var rows = CsvReader.Read(File.ReadAllText(Path.Combine(folder["run"], "metrics.csv")));
        int column = rows[0].IndexOf($"train_{name}");
        Assert.True(column > 0, string.Join(" | ", rows[0]));
        Assert.All(rows, row => Assert.Equal(rows[0].Count, row.Count));
        Assert.Equal(["1", "1"], rows.Skip(1).Select(row => row[column]));
        Assert.Equal(whole[$"train_{name}"], TrainingHistory.Load(folder["run"])[$"train_{name}"]);
        Assert.Equal(rows[0], CsvReader.Read(File.ReadAllText(Path.Combine(folder["whole"], "metrics.csv")))[0]);
    }

    private static TrainingHistory Fit(string folder, string name, TinyData data, int epochs)
    {
        using var model = TinyModel.Create();
        return Trainer(folder, name, epochs).Fit(model, data);
    }

    private static Trainer Trainer(string folder, string name, int epochs) =>
        new(
            new TrainerOptions
            {
                Epochs = epochs,
                BatchSize = 16,
                Seed = 1,
                Device = "cpu",
                RunDirectory = folder,
                Metrics = [new NamedMetric(name)],
            }
        );
}
