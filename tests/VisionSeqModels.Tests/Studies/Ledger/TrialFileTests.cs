using System.Text;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies.Ledger;

public sealed class TrialFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../run.json")]
    [InlineData("checkpoints/../../run.json")]
    [InlineData("/run.json")]
    [InlineData("checkpoints//run.json")]
    [InlineData("run\0.json")]
    [InlineData("\0run.json")]
    public void NameThatLeadsOut_IsRefused_AndNothingIsWritten(string name)
    {
        bool isCalled = false;
        Assert.Throws<InvalidDataException>(() => TrialFile.Write(_folder["trial"], name, _ => isCalled = true));
        Assert.False(isCalled);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void FailingWrite_LeavesWhatWasThere()
    {
        TrialFile.Write(_folder["trial"], "checkpoints/a.bin", stream => stream.Write("old"u8));
        Assert.Throws<InvalidOperationException>(() =>
            TrialFile.Write(
                _folder["trial"],
                "checkpoints/a.bin",
                stream =>
                {
                    stream.Write("half"u8);
                    throw new InvalidOperationException();
                }
            )
        );
        string file = Assert.Single(Directory.EnumerateFiles(_folder["trial"], "*", SearchOption.AllDirectories));
        Assert.Equal(("a.bin", "old"), (Path.GetFileName(file), File.ReadAllText(file, Encoding.UTF8)));
    }
}
