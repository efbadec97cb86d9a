using VisionSeqModels.Core;

namespace VisionSeqModels.Tests;

/// <summary>Until it is disposed, every file that this flow of calls writes takes so many bytes and then says that the disk is
/// full.</summary>
internal sealed class FullDisk : FileSystem, IDisposable
{
    public const string Reason = "No space left on device";

    private readonly int _room;
    private readonly string? _only;
    private bool _isFull;

    /// <param name="room">The bytes that a file still takes.</param>
    /// <param name="full">Whether the disk is full from the start; else from <see cref="Fill"/> on.</param>
    /// <param name="only">The end of the name of the files that it is about; null for all.</param>
    public FullDisk(int room = 0, bool full = true, string? only = null)
    {
        (_isFull, _room, _only) = (full, room, only);
        Instead.Value = this;
    }

    public override Stream Open(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 4096)
    {
        var stream = base.Open(path, mode, access, share, bufferSize);
        bool isMeant = _only is null || Path.GetFullPath(path).Contains(_only, StringComparison.Ordinal);
        return access == FileAccess.Write && isMeant ? new Full(stream, () => _isFull, _room) : stream;
    }

    public override void Flush(Stream stream) => base.Flush(stream is Full full ? full.Inner : stream);

    public void Fill() => _isFull = true;

    public void Dispose() => Instead.Value = null;

    private sealed class Full(Stream inner, Func<bool> isFull, int room) : Stream
    {
        private int _room = room;

        public Stream Inner => inner;

        public override bool CanRead => false;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            int taken = isFull() ? Math.Min(buffer.Length, _room) : buffer.Length;
            inner.Write(buffer[..taken]);
            _room -= isFull() ? taken : 0;
            if (taken < buffer.Length)
            {
                throw new IOException(Reason);
            }
        }

        public override void Flush() => inner.Flush();

        public override void SetLength(long value) => inner.SetLength(value);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }
        }
    }
}
