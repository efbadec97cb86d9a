using System.Numerics;
using System.Text;
using VisionSeqModels.Checkpoints;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>Pickles of a few bytes: what each operation leaves, and the bounds of what is taken.</summary>
public sealed class PickleMachineTests
{
    [Theory]
    [InlineData("\u0088.", true)]
    [InlineData("\u0089.", false)]
    [InlineData("N.", null)]
    [InlineData("(0N.", null)] // POP takes a mark that nothing stands on
    [InlineData("K\u0001(K\u0002K\u00031.", 1L)] // POP_MARK
    public void Operations_LeaveOneValue(string pickle, object? value) => Assert.Equal(value, Read(pickle));

    [Fact]
    public void Dicts_HoldThePairsTheyAreMadeOf()
    {
        var dict = Assert.IsType<PickleDict>(Read("(X\u0001\0\0\0aK\u0001X\u0001\0\0\0bK\u0002d."));
        Assert.Equal(1L, dict["a"]);
        Assert.Equal(2L, dict["b"]);
        var ordered = Assert.IsType<PickleDict>(Read("ccollections\nOrderedDict\n(]X\u0001\0\0\0aK\u0003\u0086atR."));
        Assert.Equal([KeyValuePair.Create<string, object?>("a", 3L)], ordered.Entries);
    }

    [Fact]
    public void WholeNumbers_AreOf64Bits_WhileTheyFit()
    {
        Assert.Equal(long.MinValue, Assert.IsType<long>(Read(Long(long.MinValue))));
        Assert.Equal(long.MaxValue, Assert.IsType<long>(Read(Long(long.MaxValue))));
        Assert.Equal((BigInteger)long.MinValue - 1, Assert.IsType<BigInteger>(Read(Long((BigInteger)long.MinValue - 1))));
        Assert.Equal((BigInteger)long.MaxValue + 1, Assert.IsType<BigInteger>(Read(Long((BigInteger)long.MaxValue + 1))));
    }

    [Fact]
    public void WholeNumber_HasAtMostSixteenBytes()
    {
        Assert.Equal(BigInteger.One << 120, Read("\u008a\u0010" + new string('\0', 15) + "\u0001."));
        Assert.Equal("a whole number of it has 17 bytes.", Refused("\u008a\u0011" + new string('\0', 16) + "\u0001."));
    }

    [Fact]
    public void Values_AreNotTakenFromBelowAMark() =>
        Assert.Equal("its pickle takes a value that is not there.", Refused("N(\u0085."));

    [Fact]
    public void KeptValues_AreNumberedFromZeroOrOne_WithoutAGap()
    {
        var pair = Assert.IsType<PickleTuple>(Read("]q\0h\0\u0086."));
        Assert.Same(pair.Items[0], pair.Items[1]);
        pair = Assert.IsType<PickleTuple>(Read("]q\u0001h\u0001\u0086."));
        Assert.Same(pair.Items[0], pair.Items[1]);
        Assert.Equal("its pickle keeps value 2 after 0 values.", Refused("]q\u0002."));
        Assert.Equal("its pickle takes the kept value 0, which is not there.", Refused("h\0."));
        Assert.Equal("its pickle takes the kept value 1, which is not there.", Refused("]q\0h\u0001\u0086."));
    }

    [Fact]
    public void Storage_HasAtMost2To63Bytes()
    {
        const long most = long.MaxValue / sizeof(float);
        Assert.Equal(most, Assert.IsType<PickleStorage>(Read(Storage(most))).Elements);
        Assert.Equal(0, Assert.IsType<PickleStorage>(Read(Storage(0))).Elements);
        Assert.Equal($"a storage of it has {most + 1} elements.", Refused(Storage(most + 1)));
        Assert.Equal("a storage of it has -1 elements.", Refused(Storage(-1)));
    }

    [Fact]
    public void NameOfAHundredLetters_IsShown_AndALongerOneCut()
    {
        string name = new('n', 98);
        Assert.StartsWith($"it names 'm.{name}', ", Refused($"cm\n{name}\n."), StringComparison.Ordinal);
        Assert.StartsWith($"it names 'm.{name}...', ", Refused($"cm\n{name}n\n."), StringComparison.Ordinal);
    }

    /// <summary>Those of a list that is copied count, and marks too.</summary>
    [Fact]
    public void FiveMillionValues_AreTheMost()
    {
        string many = OneLessThanMost();
        Assert.Null(Read(many + "N."));
        Assert.Equal("its pickle has more than 5000000 values.", Refused(many + "(0N."));
    }

    /// <summary>A list of many pairs, of which OrderedDicts are made; nothing is left on the stack.</summary>
    private static string OneLessThanMost()
    {
        const int most = 5_000_000;
        const int pairs = 999_000;
        const int dicts = 4;
        const int valuesOfList = pairs + 4; // the list, a mark, a text, None, and a tuple so many times
        const int valuesOfDict = pairs + 5; // the name, a mark, the list, a tuple, the copied pairs, the dict
        const int others = most - 1 - valuesOfList - (dicts * valuesOfDict);
        return new StringBuilder("](X\u0001\0\0\0aN\u0086q\0")
            .Append(Repeat("h\0", pairs - 1))
            .Append("eq\u00010")
            .Append(Repeat("ccollections\nOrderedDict\n(h\u0001tR0", dicts))
            .Append(Repeat("N0", others))
            .ToString();
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static string Long(BigInteger number)
    {
        byte[] bytes = number.ToByteArray();
        return $"\u008a{(char)bytes.Length}{Encoding.Latin1.GetString(bytes)}.";
    }

    private static string Storage(long elements) =>
        "(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpu" + Long(elements)[..^1] + "tQ.";

    private static string Refused(string pickle) => Assert.Throws<FormatException>(() => Read(pickle)).Message;

    private static object? Read(string pickle)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(pickle);
        using var stream = new MemoryStream(bytes);
        return PickleMachine.Read(new PickleInput(stream, bytes.Length), []);
    }
}
