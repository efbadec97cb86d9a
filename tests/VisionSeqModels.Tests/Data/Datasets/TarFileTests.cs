using System.Formats.Tar;
using System.Text;
using TarFile = VisionSeqModels.Data.TarFile;

namespace VisionSeqModels.Tests.Data.Datasets;

/// <summary>A tar archive, block by block.</summary>
public sealed class TarFileTests
{
    [Fact]
    public void EntriesOfBothKinds_AreRead_WithTheirContent()
    {
        string name = new('n', 100);
        var tar = new TarFile(
            new MemoryStream([
                .. Header(name, "5"),
                .. Block(1, 2, 3, 4, 5),
                .. Header("old", "0", kind: '\0'),
                .. Header("set", "00000000000", kind: '5'),
                .. new byte[1024],
            ]),
            10,
            100
        );
        Assert.True(tar.Next());
        Assert.Equal((name, 5, TarEntryType.RegularFile), (tar.Name, tar.Length, tar.Type));
        using var content = new MemoryStream();
        tar.CopyTo(content);
        Assert.Equal([1, 2, 3, 4, 5], content.ToArray());
        Assert.True(tar.Next());
        Assert.Equal(("old", 0, TarEntryType.V7RegularFile), (tar.Name, tar.Length, tar.Type));
        Assert.True(tar.Next());
        Assert.Equal(TarEntryType.Directory, tar.Type);
        Assert.False(tar.Next());
    }

    [Fact]
    public void ContentThatIsNotRead_IsSkipped()
    {
        byte[] archive = [.. Header("a", "2000"), .. new byte[1024], .. Header("b", "1"), .. Block(9)]; // 2000: an octal number
        var tar = new TarFile(new MemoryStream(archive), 10, 2000);
        Assert.True(tar.Next());
        Assert.Equal(1024, tar.Length);
        Assert.True(tar.Next());
        Assert.Equal("b", tar.Name);
    }

    [Fact]
    public void TheEnd_MayComeWithoutZeros_ButNotWithinABlock()
    {
        var whole = new TarFile(new MemoryStream(Header("a", "0")), 10, 100);
        Assert.True(whole.Next());
        Assert.False(whole.Next());
        foreach (int length in new[] { 1, 511 })
        {
            var cut = new TarFile(new MemoryStream([.. Header("a", "0"), .. Header("b", "0")[..length]]), 10, 100);
            Assert.True(cut.Next());
            Assert.Throws<EndOfStreamException>(() => cut.Next());
        }
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("   ", "''")]
    [InlineData("8", "'8'")]
    [InlineData("18", "'18'")]
    [InlineData("81", "'81'")]
    [InlineData("/", "'/'")]
    [InlineData("-1", "'-1'")]
    public void ALengthThatIsNoOctalNumber_IsNamed(string length, string expected) =>
        Assert.Equal("has a header with the number " + expected, Fault(Header("a", length)));

    [Fact]
    public void AHeader_MustHaveItsSum()
    {
        byte[] header = Header("a", "0");
        header[0] = (byte)'b';
        Assert.Equal("has a header with a wrong sum", Fault(header));
    }

    [Theory]
    [InlineData(2, 10, null)]
    [InlineData(1, 10, "has more than 1 entries")]
    [InlineData(2, 9, "unpacks to more than 9 bytes")]
    public void Limits_AreThoseOfAllEntriesTogether(int entries, long bytes, string? expected)
    {
        byte[] archive = [.. Header("a", "6"), .. Block(), .. Header("b", "4"), .. Block()];
        var tar = new TarFile(new MemoryStream(archive), entries, bytes);
        Assert.True(tar.Next());
        if (expected is null)
        {
            Assert.True(tar.Next());
            Assert.False(tar.Next());
        }
        else
        {
            Assert.Equal(expected, Assert.Throws<FormatException>(() => tar.Next()).Message);
        }
    }

    private static string Fault(byte[] archive) =>
        Assert.Throws<FormatException>(() => new TarFile(new MemoryStream(archive), 10, 100).Next()).Message;

    private static byte[] Block(params byte[] content) => [.. content, .. new byte[512 - content.Length]];

    /// <summary>A header in the format of ustar, with its sum.</summary>
    private static byte[] Header(string name, string length, char kind = '0')
    {
        byte[] header = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(header, 0);
        Encoding.ASCII.GetBytes(length).CopyTo(header, 124);
        header[156] = (byte)kind;
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        int sum = header.Sum(value => value) + (8 * ' ');
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }
}
