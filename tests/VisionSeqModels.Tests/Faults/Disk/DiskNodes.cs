namespace VisionSeqModels.Tests.Faults;

/// <summary>A file or a folder of a <see cref="SimulatedDisk"/>.</summary>
internal abstract class DiskNode
{
    public DateTime WrittenAt { get; set; }

    /// <summary>Where it lay before it was renamed, until the new place is flushed.</summary>
    public List<(FolderNode Folder, string Name)> Former { get; } = [];
}

/// <summary>A folder: its entries now, and those that outlive a power cut.</summary>
internal sealed class FolderNode : DiskNode
{
    public SortedDictionary<string, DiskNode> Entries { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, DiskNode> Durable { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Its entries outlive a power cut from now on; what was renamed into it is gone from its former place.</summary>
    public void Flush()
    {
        Durable = new(Entries, StringComparer.Ordinal);
        foreach (var (name, node) in Entries)
        {
            foreach (var (folder, formerName) in node.Former.Where(former => former != (this, name)))
            {
                if (folder.Durable.GetValueOrDefault(formerName) == node && folder.Entries.GetValueOrDefault(formerName) != node)
                {
                    folder.Durable.Remove(formerName);
                }
            }

            node.Former.Clear();
        }
    }
}

/// <summary>A file: its content now, and the content that outlives a power cut.</summary>
internal sealed class FileNode : DiskNode
{
    private byte[] _bytes = [];
    private int _length;
    private byte[]? _frozen = [];

    public FileNode() { }

    public FileNode(byte[] content) => (_bytes, _length, _frozen, Durable) = (content, content.Length, content, content);

    /// <summary>Empty for a file that was never flushed.</summary>
    public byte[] Durable { get; private set; } = [];

    /// <summary>An array that does not change.</summary>
    public byte[] Content => _frozen ??= _bytes[.._length];

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        int end = (int)position + bytes.Length;
        if (end > _bytes.Length || _bytes == _frozen || _bytes == Durable)
        {
            Array.Resize(ref _bytes, Math.Max(end, _bytes.Length) * 2);
        }

        bytes.CopyTo(_bytes.AsSpan((int)position));
        _length = Math.Max(_length, end);
        _frozen = null;
    }

    public void SetLength(long length)
    {
        byte[] content = new byte[length];
        _bytes.AsSpan(0, Math.Min(_length, (int)length)).CopyTo(content);
        (_bytes, _length, _frozen) = (content, (int)length, null);
    }

    public void Flush() => Durable = Content;
}
