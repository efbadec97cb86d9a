using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Core;

/// <summary>What a live line writes, letter by letter.</summary>
public sealed class LiveLineTextTests : IDisposable
{
    private readonly CountingWriter _writer = new();

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void Show_WritesOverWhatWasThere_AndIsSeenAtOnce()
    {
        var line = new LiveLine(_writer, live: true, () => 21);
        line.Show("a longer text");
        line.Show("short");
        line.Show(new string('x', 20));
        line.Show(new string('y', 21));
        Assert.Equal(
            "\ra longer text\rshort        \r" + new string('x', 20) + '\r' + new string('y', 19) + '…',
            _writer.ToString()
        );
        Assert.Equal(4, _writer.Flushes);
    }

    [Fact]
    public void Clear_WritesTwoSpacesMore_ButNotBeyondTheRoom_AndNothingTwice()
    {
        var line = new LiveLine(_writer, live: true, () => 21);
        line.Clear();
        Assert.Equal("", _writer.ToString());
        line.Show("abc");
        line.Clear();
        line.Clear();
        Assert.Equal("\rabc\r     \r", _writer.ToString());
        line.Show(new string('x', 20));
        line.Clear();
        Assert.EndsWith('x' + "\r" + new string(' ', 20) + '\r', _writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void NarrowerTerminal_IsErasedFromTheFirstOfItsRows()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // its console takes no escapes
        }

        int columns = 61;
        var line = new LiveLine(_writer, live: true, () => columns);
        line.Show(new string('x', 60));
        columns = 30;
        line.Clear();
        Assert.EndsWith("x\r\e[1A\e[J\r  \r", _writer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("123456789", "12345678", "123456789  12345678\n")]
    [InlineData("123456789", "123456789", "123456789\n  123456789\n")]
    [InlineData("1234567890", "abcd efghijk", "1234567890\n  abcd efghijk\n")]
    [InlineData("1234567890123456789", "b", "1234567890123456789\n  b\n")]
    [InlineData("1234567 9012345 7890123", "b", "1234567 9012345\n  7890123  b\n")]
    [InlineData("12345678 0123456789 a", "b", "12345678 0123456789\n  a  b\n")]
    [InlineData("1234567890123456789012", "b", "1234567890123456789012\n  b\n")]
    public void Parts_BreakWhereTheyHaveNoRoom(string first, string second, string written)
    {
        new LiveLine(_writer, live: true, () => 20).WriteLine([first, second]);
        Assert.Equal(written, _writer.ToString());
        Assert.Equal(1, _writer.Flushes);
    }

    [Fact]
    public void File_HasWholeLines()
    {
        var line = new LiveLine(_writer, live: false, () => 20);
        Assert.False(line.IsLive);
        line.WriteLine(["one two three four five", "six seven eight nine"]);
        Assert.Equal("one two three four five  six seven eight nine\n", _writer.ToString());
    }

    [Fact]
    public void Terminal_IsLive_UnlessItCannotGoBackInALine()
    {
        bool dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        Assert.True(new LiveLine(_writer, live: true, () => 20).IsLive);
        Assert.Equal(!dumb, new LiveLine(_writer, live: true, null).IsLive);
        Assert.False(new LiveLine(_writer, live: false, null).IsLive);
    }

    [Fact]
    public void Cut_LeavesWhatFits()
    {
        Assert.Equal("abc", LiveLine.Cut("abc", 3));
        Assert.Equal("ab…", LiveLine.Cut("abcd", 3));
    }

    private sealed class CountingWriter : StringWriter
    {
        public CountingWriter()
            : base(CultureInfo.InvariantCulture) => NewLine = "\n";

        public int Flushes { get; private set; }

        public override void Flush() => Flushes++;
    }
}
