using VisionSeqModels.Torch;

namespace VisionSeqModels.Tests.Torch;

[Collection("Torch")]
public sealed class RuntimeTests
{
    private static readonly Exception Failure = new TypeInitializationException(
        "TorchSharp.torch",
        new NotSupportedException("two pages")
    );

    [Fact]
    public void Advice_WithoutAPackage_NamesTheOneToAdd()
    {
        string advice = TorchBackendAdvice.For(Failure, "cannot open shared object file", deployed: false);
        Assert.Contains("add the package TorchSharp-cpu", advice, StringComparison.Ordinal);
        AssertOneSentence(advice);
    }

    [Fact]
    public void Advice_OnAnOlderLibstdcxx_NamesIt()
    {
        string advice = TorchBackendAdvice.For(Failure, "libstdc++.so.6: version `GLIBCXX_3.4.32' not found", deployed: true);
        Assert.Contains("newer libstdc++", advice, StringComparison.Ordinal);
        Assert.Contains("VisionSeqModelsFixLibTorchSharp", advice, StringComparison.Ordinal);
        AssertOneSentence(advice);
    }

    [Fact]
    public void Advice_OnAnythingElse_GivesTheSystemsWords() =>
        Assert.Contains(
            "wrong ELF class",
            TorchBackendAdvice.For(Failure, "wrong ELF class\nand more", deployed: true),
            StringComparison.Ordinal
        );

    [Fact]
    public void Describe_TellsVersionsAndMachine()
    {
        var info = TorchRuntime.Describe();
        Assert.StartsWith("0.107", info.TorchSharp, StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+\.\d+", info.VisionSeqModels);
        Assert.True(info.ProcessorCount > 0);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData(" CPU ")]
    public void Devices_OfTheCpu_AreFound(string name) => Assert.Equal(TorchSharp.DeviceType.CPU, Devices.Resolve(name).type);

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:-1")]
    [InlineData("")]
    public void Devices_OfUnknownNames_AreRefused(string name) =>
        Assert.Contains(
            $"is '{name}'",
            Assert.Throws<ArgumentException>(() => Devices.Resolve(name)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Devices_ThatAreNotThere_SayWhatThereIs()
    {
        var error = Assert.Throws<ArgumentException>(() => Devices.Resolve("cuda:99"));
        Assert.Contains("libtorch finds", error.Message, StringComparison.Ordinal);
    }

    private static void AssertOneSentence(string text)
    {
        Assert.DoesNotContain('\n', text);
        Assert.EndsWith(".", text, StringComparison.Ordinal);
    }
}
