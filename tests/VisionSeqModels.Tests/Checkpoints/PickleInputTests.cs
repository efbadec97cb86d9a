using System.Text;
using VisionSeqModels.Checkpoints;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>The bytes of a pickle: none beyond its end, and no text or name that is not sound.</summary>
public sealed class PickleInputTests
{
    private const string CutOff = "its pickle is cut off.";

    [Fact]
    public void Bytes_EndWithThePickle_NotWithTheStream()
    {
        using var stream = new MemoryStream([1, 2, 3, 4, 5]);
        var input = new PickleInput(stream, 3);
        Assert.Equal(1, input.Byte());
        Assert.Equal(0x0302, input.UInt16());
        Assert.Equal(3, input.Position);
        Assert.Equal(CutOff, Assert.Throws<FormatException>(() => input.Byte()).Message);
        Assert.Equal(CutOff, Assert.Throws<FormatException>(() => input.Bytes(1)).Message);
        Assert.Empty(input.Bytes(0));
    }

    [Fact]
    public void Bytes_EndWithTheStream_WhereThePickleShouldBeLonger()
    {
        using var stream = new MemoryStream([1, 2]);
        var input = new PickleInput(stream, 5);
        Assert.Equal(CutOff, Assert.Throws<FormatException>(() => input.Bytes(3)).Message);
    }

    [Fact]
    public void Bytes_OfSeveralBuffers_ComeInOrder()
    {
        byte[] bytes = [.. Enumerable.Range(0, 40_000).Select(i => (byte)(i % 251))];
        using var stream = new MemoryStream(bytes);
        Assert.Equal(bytes, new PickleInput(stream, bytes.Length).Bytes((ulong)bytes.Length));
    }

    [Fact]
    public void Name_HasAtMostAThousandBytes()
    {
        string name = new('n', 1000);
        Assert.Equal(name, Of(name + "\n").Line());
        Assert.Equal("a name of it has no end.", Assert.Throws<FormatException>(() => Of(name + "n\n").Line()).Message);
    }

    [Fact]
    public void Text_IsUtf8()
    {
        Assert.Equal("é", Of("\u00c3\u00a9").Text(2));
        Assert.Equal("a text of it is not UTF-8.", Assert.Throws<FormatException>(() => Of("\u00e9").Text(1)).Message);
    }

    private static PickleInput Of(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        return new PickleInput(new MemoryStream(bytes), bytes.Length);
    }
}
