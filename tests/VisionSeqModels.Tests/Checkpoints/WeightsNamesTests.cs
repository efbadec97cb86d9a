using VisionSeqModels.Checkpoints;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>Prefixes of names, and which files are PyTorch's.</summary>
public sealed class WeightsNamesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a b", "a b", "")]
    [InlineData("a b", "module.a module.b", "module.")]
    [InlineData("a b", "module.a b", "module.")]
    [InlineData("a b c", "module.a module.b c", "module.")]
    [InlineData("a", "module._orig_mod.net.a", "module._orig_mod.net.")]
    [InlineData("a", "net.module._orig_mod.model.a", "")]
    [InlineData("a b", "module.x module.y", "")]
    [InlineData("model.a", "model.a", "")]
    [InlineData("model.a", "model.model.a", "model.")]
    public void Prefix_IsWhatMakesMoreNamesFit(string model, string file, string prefix) =>
        Assert.Equal(prefix, WeightsPrefix.Find(model.Split(' '), file.Split(' ')));

    [Fact]
    public void Prefix_IsFoundBeforeNamesThatAreMapped()
    {
        Assert.Equal("net.", WeightsPrefix.Find(["b"], ["net.a"], name => name == "a" ? "b" : name));
        Assert.Equal("", WeightsPrefix.Find(["b"], ["net.a"], _ => null));
        Assert.Equal(
            ("a", "a", "xa"),
            (WeightsPrefix.Without("x", "xa"), WeightsPrefix.Without("", "a"), WeightsPrefix.Without("y", "xa"))
        );
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 2 }, "a", true)]
    [InlineData(new byte[] { 0x80, 5 }, "a", true)]
    [InlineData(new byte[] { 0x80, 1 }, "a", false)]
    [InlineData(new byte[] { 0x80, 6 }, "a", false)]
    [InlineData(new byte[] { 0x81, 2 }, "a", false)]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4 }, "a", true)]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 5, 6 }, "a", true)]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 5 }, "a", false)]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, (byte)'{' }, "a.pt", false)]
    [InlineData(new byte[0], "a.pth", true)]
    [InlineData(new byte[] { 1 }, "a.PT", true)]
    [InlineData(new byte[] { 1 }, "a.ckpt", true)]
    [InlineData(new byte[] { 1 }, "a.bin", true)]
    [InlineData(new byte[] { 1 }, "a.safetensors", false)]
    public void FileOfPyTorch_IsToldByItsFirstBytesOrItsName(byte[] head, string name, bool isOne)
    {
        File.WriteAllBytes(_folder[name], head);
        Assert.Equal(isOne, PyTorchFile.IsOne(_folder[name]));
    }
}
