namespace VisionSeqModels.Tests.Studies;

/// <summary>Tests that run studies of the tiny model: a folder and its data, both gone at the end of each test.</summary>
public abstract class TinyDataTests : IDisposable
{
    private protected TempFolder Folder { get; } = new();

    private protected TinyData Tiny { get; } = new(64);

    public void Dispose()
    {
        Tiny.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
