using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>A state that is not what was written is never read.</summary>
[Collection("Torch")]
public sealed class ChecksummedSafetensorsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    private string Path => _folder["state.safetensors"];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void WhatWasWritten_IsRead_AlsoByReadersThatKnowNoSum()
    {
        Write();
        foreach (var content in (SafetensorsContent[])[ChecksummedSafetensors.Read(Path), Safetensors.Read(Path)])
        {
            Assert.Equal([1f, 2, 3], content.Tensors["a"].data<float>().ToArray());
            Assert.Equal([7L], content.Tensors["b"].data<long>().ToArray());
            Assert.Equal("text", content.Metadata["key"]);
        }
    }

    [Fact]
    public void Writing_LeavesNoTensor_AndTakesViewsAndGradients()
    {
        var weights = arange(6, dtype: ScalarType.Float32).reshape(2, 3).t().requires_grad_();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var stream = File.Create(Path))
        {
            ChecksummedSafetensors.Write(stream, [new("w", weights)], new Dictionary<string, string>());
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal([0f, 3, 1, 4, 2, 5], ChecksummedSafetensors.Read(Path).Tensors["w"].data<float>().ToArray());
    }

    [Fact]
    public void AFileWithoutTensors_HasItsSumToo()
    {
        using (var stream = File.Create(Path))
        {
            ChecksummedSafetensors.Write(stream, [], new Dictionary<string, string> { ["key"] = "text" });
        }

        Assert.Equal("text", ChecksummedSafetensors.Read(Path).Metadata["key"]);
    }

    /// <summary>The length, the header, the sum itself and the values.</summary>
    [Fact]
    public void AnyByteThatDiffers_IsNoticed()
    {
        Write();
        byte[] sound = File.ReadAllBytes(Path);
        for (int i = 0; i < sound.Length; i++)
        {
            byte[] damaged = [.. sound];
            damaged[i] ^= 1;
            File.WriteAllBytes(Path, damaged);
            Refused();
        }
    }

    [Fact]
    public void AnyMissingOrFurtherByte_IsNoticed()
    {
        Write();
        byte[] sound = File.ReadAllBytes(Path);
        for (int length = 0; length < sound.Length; length++)
        {
            File.WriteAllBytes(Path, sound[..length]);
            Refused();
        }

        File.WriteAllBytes(Path, [.. sound, 0]);
        Refused();
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"__metadata__":{"sha256":"00"}}""", true)]
    [InlineData("""{"__metadata__":{"key":"sha256"}}""", true)]
    [InlineData("""{"__metadata__":{"key":"0000000000000000000000000000000000000000000000000000000000000000","a":"b"}}""", true)]
    [InlineData("""{"__metadata__":{"sha256":"000000000000000000000000000000000000000000000000000000000000000""", true)]
    [InlineData("""{"__metadata__":{"sha256":"0000000000000000000000000000000000000000000000000000000000000000""", false)]
    public void FileWithoutAWholeSum_IsToldFromADamagedOne(string header, bool hasNone)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        File.WriteAllBytes(Path, [.. prefix, .. Encoding.ASCII.GetBytes(header)]);
        Assert.Contains(hasNone ? "carries no checksum" : "does not match its checksum", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void TwoEntriesForTheSum_AreAFaultOfTheCaller()
    {
        using var stream = new MemoryStream();
        Assert.Throws<ArgumentException>(() =>
            ChecksummedSafetensors.Write(stream, [], new Dictionary<string, string> { ["sha256"] = "mine" })
        );
        Assert.Equal(0, stream.Length);
    }

    private string Refused()
    {
        string message = Assert.Throws<InvalidDataException>(() => ChecksummedSafetensors.Read(Path)).Message;
        Assert.Contains(Path, message, StringComparison.Ordinal);
        return message;
    }

    private void Write()
    {
        using var stream = File.Create(Path);
        ChecksummedSafetensors.Write(
            stream,
            [new("a", tensor(new[] { 1f, 2, 3 })), new("b", tensor(new[] { 7L }))],
            new Dictionary<string, string> { ["key"] = "text" }
        );
    }
}
