namespace VisionSeqModels.Tests.Faults;

/// <summary>A file of a <see cref="SimulatedDisk"/>: small writes are gathered as a <see cref="FileStream"/> does it.</summary>
internal sealed class SimulatedStream(SimulatedDisk disk, string name, FileNode node, FileStream real, int bufferSize) : Stream
{
    private Stream _source = real;
    private readonly MemoryStream _gathered = new();
    private bool _wasRead;
    private bool _isClosed;

    public string Name => name;

    public FileNode Node => node;

    public FileStream Real => real;

    public override bool CanRead => real.CanRead;

    public override bool CanSeek => true;

    public override bool CanWrite => real.CanWrite;

    public override long Length => _source.Length + _gathered.Length;

    public override long Position
    {
        get => _source.Position + _gathered.Length;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _gathered.Write(buffer);
        if (_gathered.Length >= bufferSize)
        {
            Flush();
        }
    }

    /// <summary>Gives what was gathered to the system, not to the disk.</summary>
    public override void Flush()
    {
        if (_gathered.Length > 0)
        {
            byte[] bytes = _gathered.ToArray();
            _gathered.SetLength(0);
            disk.Write(this, bytes);
        }
    }

    public override void SetLength(long value)
    {
        Flush();
        disk.SetLength(this, value);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        Flush();
        return _source.Seek(offset, origin);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        Flush();
        if (!_wasRead)
        {
            _wasRead = true;
            disk.Read(this);
        }

        return _source.Read(buffer);
    }

    /// <summary>From now on it gives other bytes than those of the file.</summary>
    public void Spoil(DiskFault fault)
    {
        byte[] bytes = node.Content;
        byte[]? spoilt =
            fault == DiskFault.Garbage ? [.. bytes.Select((value, i) => (byte)(value ^ (0xA5 + i)))]
            : fault == DiskFault.CutShort ? bytes[..(bytes.Length / 2)]
            : null;
        _source = spoilt is null ? real : new MemoryStream(spoilt, writable: false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            try
            {
                Flush();
            }
            finally
            {
                disk.Closed(this);
            }
        }
    }
}
