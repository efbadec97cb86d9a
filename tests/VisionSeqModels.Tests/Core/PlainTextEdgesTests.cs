using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Core;

/// <summary>The first and last letter of each range that a name loses, and their neighbours, which stay.</summary>
public sealed class PlainTextEdgesTests
{
    [Theory]
    [InlineData(0x0000)]
    [InlineData(0x0007)]
    [InlineData(0x001f)]
    [InlineData(0x007f)]
    [InlineData(0x0080)]
    [InlineData(0x009f)]
    [InlineData(0x061c)]
    [InlineData(0x200b)]
    [InlineData(0x200e)]
    [InlineData(0x200f)]
    [InlineData(0x202a)]
    [InlineData(0x202e)]
    [InlineData(0x2060)]
    [InlineData(0x206f)]
    [InlineData(0xfeff)]
    [InlineData(0xfff9)]
    [InlineData(0xfffb)]
    [InlineData(0xe0000)]
    [InlineData(0xe0041)]
    [InlineData(0xe007f)]
    public void Lost(int letter)
    {
        Assert.Equal("", PlainText.Of(char.ConvertFromUtf32(letter)));
        Assert.Equal("ab", PlainText.Of($"a{char.ConvertFromUtf32(letter)}b"));
    }

    [Theory]
    [InlineData(0x0009)]
    [InlineData(0x000a)]
    [InlineData(0x0085)]
    [InlineData(0x2028)]
    [InlineData(0x2029)]
    public void Space(int letter) => Assert.Equal("a b", PlainText.Of($"a{char.ConvertFromUtf32(letter)}b"));

    [Theory]
    [InlineData(0x0020)]
    [InlineData(0x007e)]
    [InlineData(0x00a0)]
    [InlineData(0x05ff)]
    [InlineData(0x0600)]
    [InlineData(0x061b)]
    [InlineData(0x061d)]
    [InlineData(0x200c)]
    [InlineData(0x200d)]
    [InlineData(0x2010)]
    [InlineData(0x202f)]
    [InlineData(0x205f)]
    [InlineData(0x2070)]
    [InlineData(0xfff8)]
    [InlineData(0xfffc)]
    [InlineData(0xdffff)]
    [InlineData(0xe0080)]
    public void Kept(int letter) => Assert.Equal(char.ConvertFromUtf32(letter), PlainText.Of(char.ConvertFromUtf32(letter)));

    /// <summary>Ordinary names are looked at once, and never copied.</summary>
    [Theory]
    [InlineData("learning rate ~ 0.1")]
    [InlineData("\u00a0Größe\u05ff")]
    public void OrdinaryText_IsTheSameObject(string text) => Assert.Same(text, PlainText.Of(text));

    [Fact]
    public void UnpairedSurrogates_AreLost()
    {
        foreach (string text in (string[])["\ud800", "\udc00", "\udc00\ud800"])
        {
            Assert.Equal("", PlainText.Of(text));
            Assert.Equal("a\ud83d\udcbbb", PlainText.Of($"a{text}\ud83d\udcbbb{text}"));
        }
    }

    [Fact]
    public void Lines_StayLines_AndListsHaveCommas()
    {
        Assert.Equal("a\nb c\n", PlainText.OfLines("a\u0007\nb\tc\n"));
        Assert.Equal("a, b", PlainText.List(["a\u0007", "b"]));
    }
}
