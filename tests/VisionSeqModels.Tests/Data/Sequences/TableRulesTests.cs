using System.Text;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Sequences;

/// <summary>What a table's rows must agree in, and the exact words for what they do not.</summary>
[Collection("Torch")]
public sealed class TableRulesTests
{
    private static readonly SequenceTableOptions Gestures = new()
    {
        Sequence = "id",
        Order = "t",
        Class = "label",
        TestFraction = 0.5,
    };

    private static readonly SequenceTableOptions Forecast = new()
    {
        Forecast = ["x"],
        Split = TableSplit.Time,
        Window = 1,
        Normalize = false,
        TestFraction = 0.5,
    };

    [Fact]
    public void ClassesThatDiffer_AreOneFaultASequence() =>
        AssertFaults(
            Gestures,
            "id,t,x,label\na,1,1,tap\na,2,1,wave\na,3,1,tap\nb,1,1,\nb,2,1,tap\n",
            "line 5: no 'label'",
            "line 3: the 'label' of 'a' is 'wave', but 'tap' in line 2",
            "line 6: the 'label' of 'b' is 'tap', but missing in line 5"
        );

    [Fact]
    public void ValuesThatDiffer_AreOneFaultASequence() =>
        AssertFaults(
            Gestures with
            {
                Class = null,
                Values = ["u", "v"],
            },
            "id,t,x,u,v\na,1,1,5,6\na,2,1,5,6\na,3,1,5,7\na,4,1,8,9\nb,1,1,2,3\nb,2,1,4,3\n"
                + "c,1,1,5,6\nc,2,1,5,6\nc,3,1,5,6\nc,4,1,5,6\n",
            "line 4: the 'v' of 'a' is 7, but 6 in line 3",
            "line 7: the 'u' of 'b' is 4, but 2 in line 6"
        );

    [Fact]
    public void WithoutSequences_NoneIsNamed() =>
        AssertFaults(Forecast with { Order = "t" }, "t,x\n1,5\n2,6\n1,7\n", "line 4: the same 't' as in line 2");

    [Fact]
    public void LinesAreCounted_WithThoseThatAreEmpty() =>
        AssertFaults(
            Forecast with
            {
                Features = ["y"],
            },
            "\nx,y\n1,1\n\n\n2,2\n3,bad\n",
            "line 7: 'y' is 'bad', no finite number"
        );

    [Fact]
    public void TheFirstRow_SaysWhetherDatesOrNumbersOrderTheSteps()
    {
        AssertFaults(
            Gestures,
            "id,t,x,label\na,1,1,tap\na,2024-01-02,1,tap\nb,2024-01-03,1,wave\n",
            "line 3: 't' is '2024-01-02', no number",
            "line 4: 't' is '2024-01-03', no number"
        );
        AssertFaults(
            Gestures,
            "id,t,x,label\na,2024-01-01,1,tap\na,soon,1,tap\nb,2024-01-03,1,wave\n",
            "line 3: 't' is 'soon', no date"
        );
    }

    [Fact]
    public void AMissingGroup_IsNamed_AndOneThatDiffers() =>
        AssertFaults(
            Gestures with
            {
                Group = "who",
                Split = TableSplit.Group,
            },
            "id,t,x,label,who\na,1,1,tap,ann\na,2,1,tap,bob\nb,1,1,wave,\nc,1,1,wave,ann\n",
            "line 3: the group of 'a' is 'bob', but was 'ann' in line 2",
            "line 4: no 'who'"
        );

    [Fact]
    public void AColumnThatIsMissing_IsTheOnlyFault()
    {
        const string rows = "\na,1\nb,1,2,3,4,5\n";
        AssertFaults(Gestures, "id,x,label" + rows, "line 1: there is no column 't' among 'id', 'x', 'label'");
        AssertFaults(
            Gestures with
            {
                Features = ["x", "y"],
            },
            "id,t,x,label" + rows,
            "line 1: there is no column 'y' among 'id', 't', 'x', 'label'"
        );
        AssertFaults(
            Forecast with
            {
                Forecast = ["z"],
                Features = ["x"],
            },
            "x,y" + rows,
            "line 1: there is no column 'z' among 'x', 'y'"
        );
    }

    [Fact]
    public void BytesThatAreNoText_AreTheOnlyFault()
    {
        string rows = string.Concat(Enumerable.Range(0, 3000).Select(i => FormattableString.Invariant($"a,{i},1,tap\n")));
        Assert.Equal(
            "'any.csv' has a fault: it is no text in UTF-8. Correct the file, or SequenceTableOptions.",
            Assert
                .Throws<DatasetFormatException>(() =>
                    Read([.. Encoding.UTF8.GetBytes("id,t,x,label\n" + rows), 0xff, 0xc3], Gestures)
                )
                .Message
        );
    }

    [Fact]
    public void TheStream_StaysOpen()
    {
        using var stream = new MemoryStream("x\n1\n2\n3\n4\n"u8.ToArray());
        SequenceTable.Read(stream, "any.csv", Forecast).Dispose();
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void OnlyTheFeaturesThatAreNamed_AreRead_InTheirOrder()
    {
        using var data = Load("z,x,y\n1,2,3\n4,5,6\n7,8,9\n10,11,12\n", Forecast with { Features = ["y", "x"] });
        Assert.Equal(["y", "x"], data.FeatureNames);
        Assert.Equal([3, 2], data.Train.GetSequence(0).Cast<float>());
        Assert.Null(data.ClassNames);
    }

    [Fact]
    public void AForecastOfTwoColumns_TakesThoseOfItsStep()
    {
        using var data = Load("x,y\n1,2\n3,4\n5,6\n7,8\n", Forecast with { Forecast = ["y", "x"] });
        Assert.Equal([4, 3], data.Train.GetValues(0));
        Assert.Equal([8, 7], data.Test.GetValues(0));
    }

    [Fact]
    public void ValuesOfEachStep_AreAllTaken()
    {
        const string csv = "id,t,x,v\na,1,1,5\na,2,1,6\nb,2,1,8\nb,1,1,7\n";
        using var data = Load(csv, Gestures with { Class = null, Values = ["v"], TargetEachStep = true, Normalize = false });
        Assert.Equal([5f, 6, 7, 8], new[] { data.Train, data.Test }.SelectMany(part => part.GetValues(0)).Order());
    }

    [Fact]
    public void ClassesOfNumbersAndWords_AreSortedByTheirLetters()
    {
        using var data = Load("id,t,x,label\na,1,1,10\nb,1,1,9\nc,1,1,b\nd,1,1,10\ne,1,1,9\nf,1,1,b\n", Gestures);
        Assert.Equal(["10", "9", "b"], data.ClassNames!);
    }

    [Fact]
    public void SettingsOutOfRange_AreRefused_BeforeTheFileIsRead()
    {
        using var folder = new TempFolder();
        Assert.Throws<InvalidOptionsException>(() => SequenceTable.Load(folder["none.csv"], Gestures with { Window = 0 }));
    }

    private static void AssertFaults(SequenceTableOptions options, string csv, params string[] faults)
    {
        string count = faults.Length == 1 ? "a fault" : FormattableString.Invariant($"{faults.Length} faults");
        Assert.Equal(
            $"'any.csv' has {count}: {string.Join("; ", faults)}. Correct the file, or SequenceTableOptions.",
            Assert.Throws<DatasetFormatException>(() => Load(csv, options)).Message
        );
    }

    private static SequenceDatasets Load(string csv, SequenceTableOptions options)
    {
        options.Validate();
        return Read(Encoding.UTF8.GetBytes(csv), options);
    }

    private static SequenceDatasets Read(byte[] bytes, SequenceTableOptions options)
    {
        using var stream = new MemoryStream(bytes);
        return SequenceTable.Read(stream, "any.csv", options);
    }
}
