using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>What cannot be read leaves no tensor, and what should not be written leaves the file that is there.</summary>
[Collection("Torch")]
public sealed class SafetensorsFaultsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder["t.safetensors"];

    public void Dispose()
    {
        FileSystem.Instead.Value = null;
        _folder.Dispose();
    }

    [Fact]
    public void FileOfWhichOneTensorIsUnsound_LeavesNone()
    {
        byte[] header = Encoding.UTF8.GetBytes(
            """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"BOOL","shape":[1],"data_offsets":[4,5]}}"""
        );
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        File.WriteAllBytes(Path, [.. length, .. header, 0, 0, 0, 0, 2]);
        AssertNothingStays(() => Safetensors.Read(Path), "tensor 'b' of dtype BOOL");
    }

    [Fact]
    public void FileThatBecomesShorter_IsRefused_AndLeavesNoTensor()
    {
        using (var values = ones(4))
        {
            Safetensors.Write(Path, [new("a", values), new("b", values)]);
        }

        FileSystem.Instead.Value = new Shortening();
        AssertNothingStays(() => Safetensors.Read(Path), $"'{Path}' became shorter while it was read. Copy the file again.");
    }

    [Fact]
    public void NullForTheTensors_IsNamed() =>
        Assert.Equal("tensors", Assert.Throws<ArgumentNullException>(() => Safetensors.Write(Path, null!)).ParamName);

    [Fact]
    public void DisposedTensors_AreNamed_AndNothingIsWritten()
    {
        using var whole = zeros(1);
        var gone = zeros(1);
        gone.Dispose();
        var error = Assert.Throws<ArgumentException>(() =>
            Safetensors.Write(Path, [new("a", gone), new("b", whole), new("c", gone)])
        );
        Assert.StartsWith(
            $"'{Path}' was not written: the tensors a, c were disposed. Write them before.",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void NoTensors_AreWritten_WhereThereIsNoFileYet()
    {
        Safetensors.Write(Path, []);
        byte[] bytes = File.ReadAllBytes(Path);
        Assert.StartsWith(
            $"There are no tensors to write, so nothing replaces '{Path}'. Delete that file first, or give another path.",
            Assert.Throws<ArgumentException>(() => Safetensors.Write(Path, [])).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(bytes, File.ReadAllBytes(Path));
    }

    private static void AssertNothingStays(Action read, string says)
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Contains(says, Assert.Throws<InvalidDataException>(read).Message, StringComparison.Ordinal);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>Loses the last byte of each file when it has said how long it is.</summary>
    private sealed class Shortening : FileSystem
    {
        public override Stream Open(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 4096) =>
            new Shorter(File.ReadAllBytes(path)[..^1]);
    }

    private sealed class Shorter(byte[] content) : MemoryStream(content)
    {
        public override long Length => base.Length + 1;
    }
}
