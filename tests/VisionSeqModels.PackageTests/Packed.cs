namespace VisionSeqModels.Tests;

/// <summary>The packed library of this run of tests. It is packed once, for the first collection that asks, and deleted when
/// no collection has it any more.</summary>
public sealed class Packed : IDisposable
{
    private static readonly Lock _lock = new();
    private static PackedLibrary? _library;
    private static int _users;

    public Packed()
    {
        lock (_lock)
        {
            Library = _library ??= new PackedLibrary();
            _users++;
        }
    }

    public PackedLibrary Library { get; }

    public void Dispose()
    {
        lock (_lock)
        {
            _users--;
            if (_users == 0)
            {
                _library!.Dispose();
                _library = null;
            }
        }
    }
}
