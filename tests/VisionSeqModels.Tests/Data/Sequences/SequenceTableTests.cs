using System.Globalization;
using System.Text;
using System.Text.Json;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Sequences;

[Collection("Torch")]
public sealed partial class SequenceTableTests
{
    private static readonly SequenceTableOptions Gestures = new()
    {
        Sequence = "id",
        Order = "t",
        Class = "label",
        TestFraction = 0.5,
    };

    private static readonly SequenceTableOptions Series = new()
    {
        Forecast = ["y"],
        Split = TableSplit.Time,
        Window = 3,
        Normalize = false,
        TestFraction = 0.5,
    };

    private const string Csv = """
        id,t,x,y,label
        b,2,3,30,wave
        a,1,1,10,tap
        b,1,2,20,wave
        c,1,5,50,tap
        d,7,6,60,wave
        d,3,7,70,wave
        d,5,8,80,wave

        """;

    [Fact]
    public void Rows_BecomeSequencesInTheirOrder_WithTheirClasses()
    {
        using var data = Load(Csv, Gestures);

        Assert.Equal(("table", 4), (data.Name, data.Train.Count + data.Test.Count));
        Assert.Equal(["x", "y"], data.FeatureNames);
        Assert.Equal(["tap", "wave"], data.ClassNames!);
        Assert.Equal((2, 2), (data.Train.Count, data.Test.Count)); // of each class one in each part
        var all = All(data).ToDictionary(entry => entry.Key[0, 0], entry => entry.Label);
        Assert.Equal([1, 2, 5, 7], all.Keys.Order()); // the first step of each: d begins at t = 3
        Assert.Equal([0, 1, 0, 1], all.OrderBy(entry => entry.Key).Select(entry => entry.Value));
        float[,] d = All(data).Single(entry => entry.Key.GetLength(0) == 3).Key;
        Assert.Equal([7, 70, 8, 80, 6, 60], d.Cast<float>());
    }

    [Theory]
    [InlineData("\n", "", ',')]
    [InlineData("\r\n", "\ufeff", ',')]
    [InlineData("\r", "", ',')]
    [InlineData("\n", "\ufeff", ';')]
    [InlineData("\r\n", "", '\t')]
    public void LineEnds_ByteOrderMarks_AndSeparators_MakeNoDifference(string lineEnd, string mark, char separator)
    {
        string text =
            mark + Csv.ReplaceLineEndings("\n").Replace(',', separator).Replace("\n", lineEnd, StringComparison.Ordinal);
        using var expected = Load(Csv, Gestures);
        using var data = Load(text, Gestures with { Separator = separator });
        Assert.Equal(Text(expected.Train), Text(data.Train));
        Assert.Equal(Text(expected.Test), Text(data.Test));
    }

    [Fact]
    public void QuotedFields_BlankLines_AndWhiteSpace_AreRead()
    {
        const string csv =
            "id, t ,\"a \"\"b\"\"\nc\",label\n\n\"one, two\",1,\" 5\",\"tap\"\n x ,1, 6 ,wave\ny,1,5,tap\nz,1,6,wave\n\n";
        using var data = Load(csv, Gestures);
        Assert.Equal(["a \"b\"\nc"], data.FeatureNames);
        Assert.Equal([5f, 5f, 6f, 6f], All(data).Select(entry => entry.Key[0, 0]).Order());
    }

    [Fact]
    public void DecimalCommas_AreReadInTheirCulture()
    {
        const string csv = "id;t;x;label\na;1;1,5;tap\nb;1;2,5;wave\nc;1;1,5;tap\nd;1;2,5;wave\n";
        using var data = Load(csv, Gestures with { Separator = ';', Culture = CultureInfo.GetCultureInfo("de-DE") });
        Assert.Equal([1.5f, 1.5f, 2.5f, 2.5f], All(data).Select(entry => entry.Key[0, 0]).Order());
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            using var invariant = Load(csv.Replace(',', '.').Replace(';', ','), Gestures); // whatever the system's culture
            Assert.Equal([1.5f, 1.5f, 2.5f, 2.5f], All(invariant).Select(entry => entry.Key[0, 0]).Order());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Dates_OrderTheSteps()
    {
        const string csv =
            "id,t,x,label\na,2024-01-10,2,tap\na,2024-01-09T23:00:00+00:00,1,tap\nb,2024-02-01,3,wave\n"
            + "c,2024-02-01,3,tap\nd,2024-02-01,3,wave\n";
        using var data = Load(csv, Gestures);
        Assert.Equal([1, 2], All(data).Single(entry => entry.Key.Length == 2).Key.Cast<float>());
    }

    [Fact]
    public void WholeNumbersAsClasses_AreSortedAsNumbers()
    {
        const string csv = "id,t,x,label\na,1,1,10\nb,1,1,9\nc,1,1,10\nd,1,1,9\n";
        using var data = Load(csv, Gestures);
        Assert.Equal(["9", "10"], data.ClassNames!);
    }

    [Fact]
    public void EveryFault_IsInOneMessageWithItsLine()
    {
        const string csv = """
            id,t,x,label
            a,1,1,tap
            a,2,oops,tap
            a,2,,tap
            b,1,1
            b,1,inf,wave
            b,later,1,tap
            ,1,1,tap
            c,1,"1"2,tap
            d,1,1e99,
            """;
        var error = Assert.Throws<DatasetFormatException>(() => Load(csv, Gestures));
        Assert.Equal("any.csv", error.Path);
        foreach (
            string fault in new[]
            {
                "line 3: 'x' is 'oops', no finite number",
                "line 4: no 'x'",
                "line 5: 3 fields, but the header has 4",
                "line 6: 'x' is 'inf', no finite number",
                "line 7: 't' is 'later', no number",
                "line 8: no 'id'",
                "line 9: a quote stands within a field",
                "line 10: 'x' is '1e99', no finite number",
                "line 10: no 'label'",
                "line 4: the same 't' of 'a' as in line 3",
                "line 6: the 'label' of 'b' is 'wave', but 'tap' in line 7", // in the order of t
            }
        )
        {
            Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        }

        Assert.StartsWith("'any.csv' has 11 faults: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ManyFaults_AreCounted_AndTheFirstTwentyShown()
    {
        string rows = string.Concat(Enumerable.Range(0, 500).Select(i => FormattableString.Invariant($"a,{i},bad,tap\n")));
        var error = Assert.Throws<DatasetFormatException>(() => Load("id,t,x,label\n" + rows, Gestures));
        Assert.Contains("line 21: 'x' is 'bad', no finite number; and 481 more", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("\n\n", "it is empty")]
    [InlineData("id,t,x,label\n", "a header, but no row")]
    [InlineData("id,x,label\na,1,tap\n", "line 1: there is no column 't' among 'id', 'x', 'label'")]
    [InlineData("x\n1\n", "there is no column 'id' and none 't' and none 'label' among 'x'")]
    [InlineData("id,t,x,x,label\n", "the column 'x' is there twice")]
    [InlineData("id,t,label\na,1,tap\n", "no column is left to be a feature")]
    [InlineData("id,t,x,label\na,1,1,tap\nb,1,1,tap\n", "needs at least two classes")]
    [InlineData("id,t,x,label\na,1,1,tap\nb,1,1,wave\n", "but each part needs one")]
    [InlineData("id,t,x,label\na,1,\"1,tap\nb,1,1,wave\n", "is never closed")]
    public void UnusableFile_IsRefusedInOneSentence(string csv, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<DatasetFormatException>(() => Load(csv, Gestures with { TestFraction = 0.1 })).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void BytesThatAreNoText_AreRefused()
    {
        using var stream = new MemoryStream([.. "id,t,x,label\n"u8, 0xff, 0xc3, 0x28]);
        var error = Assert.Throws<DatasetFormatException>(() => SequenceTable.Read(stream, "any.csv", Gestures));
        Assert.Contains("it is no text in UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_IsReadFromDisk_AndAMissingOneIsReported()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["g.csv"], Csv);
        using var data = SequenceTable.Load(folder["g.csv"], Gestures);
        Assert.Equal(4, data.Train.Count + data.Test.Count);
        var error = Assert.Throws<DatasetNotFoundException>(() => SequenceTable.Load(folder["none.csv"], Gestures));
        Assert.Contains("none.csv' is not there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunJson_RecordsTheSourceTheClassesAndTheFeatures()
    {
        using var folder = new TempFolder();
        using var data = Load(Csv, Gestures);
        using var model = SequenceModels.Lstm(RecurrentOptions.For(data) with { HiddenSize = 3 });
        var options = new TrainerOptions
        {
            Epochs = 1,
            Seed = 1,
            Device = "cpu",
            RunDirectory = folder["run"],
        };
        new Trainer(options) { Callbacks = { new RunRecorder() } }.Fit(model, data.Train, data.Test);

        using var json = JsonDocument.Parse(File.ReadAllText(folder["run/run.json"]));
        var part = json.RootElement.GetProperty("data");
        Assert.Equal("table", part.GetProperty("source").GetString());
        Assert.Equal(["x", "y"], part.GetProperty("feature_names").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal(["tap", "wave"], part.GetProperty("class_names").EnumerateArray().Select(name => name.GetString()!));
    }

    private static SequenceDatasets Load(string csv, SequenceTableOptions options, bool withGroup = false)
    {
        options.Validate();
        string text = withGroup ? Lines(csv, line => line.StartsWith("g,", StringComparison.Ordinal) ? "g2" : line[..1]) : csv;
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return SequenceTable.Read(stream, "any.csv", options);
    }

    /// <summary>The table with a column more.</summary>
    private static string Lines(string csv, Func<string, string> column) =>
        string.Concat(csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{line},{column(line)}\n"));

    private static string Rows(IEnumerable<double> values) =>
        "y\n" + string.Concat(values.Select(value => value.ToString("r", CultureInfo.InvariantCulture) + "\n"));

    private static IEnumerable<(float[,] Key, int Label)> All(SequenceDatasets data) =>
        new[] { data.Train, data.Test }.SelectMany(part =>
            Enumerable.Range(0, part.Count).Select(i => (part.GetSequence(i), part.GetLabels(i)[0]))
        );

    private static int[] Begins(SequenceDataset data) =>
        [.. Enumerable.Range(0, data.Count).Select(i => (int)data.GetSequence(i)[0, 0])];

    private static int[] Targets(SequenceDataset data) =>
        [.. Enumerable.Range(0, data.Count).Select(i => (int)data.GetValues(i)[0])];

    private static string Text(SequenceDataset data)
    {
        using var scope = NewDisposeScope();
        return string.Join(
            '\n',
            data.Read(new BatchRequest { BatchSize = 1 })
                .Select(batch =>
                    $"{string.Join(' ', batch.Inputs.data<float>().ToArray())}: "
                    + $"{batch.Targets.to_type(ScalarType.Float32).item<float>()}"
                )
        );
    }

    private sealed class Near : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) < 1e-6;

        public int GetHashCode(float value) => 0;
    }
}
