using System.Runtime.InteropServices;

namespace VisionSeqModels.Data;

/// <summary>The room that decoding needs, kept from one image to the next. Each thread has its own.</summary>
/// <remarks>It grows to what the largest picture needs.</remarks>
internal sealed class PixelBuffers
{
    private const int Kept = 4 << 20;

    private byte[] _decoded = [];
    private byte[] _turned = [];
    private byte[] _narrow = [];
    private byte[] _resized = [];

    /// <summary>The decoded picture. It does not move in memory, so native code may write it.</summary>
    public Span<byte> Decoded(int count) => Room(ref _decoded, count);

    /// <summary>Where <see cref="Decoded"/> begins.</summary>
    public IntPtr DecodedAddress => Marshal.UnsafeAddrOfPinnedArrayElement(_decoded, 0);

    /// <summary>The picture, turned.</summary>
    public Span<byte> Turned(int count) => Room(ref _turned, count);

    /// <summary>The picture in its new width.</summary>
    public Span<byte> Narrow(int count) => Room(ref _narrow, count);

    /// <summary>The picture in its new size.</summary>
    public Span<byte> Resized(int count) => Room(ref _resized, count);

    /// <summary>Gives back what only a very large picture needed.</summary>
    public void Trim()
    {
        Trim(ref _decoded);
        Trim(ref _turned);
        Trim(ref _narrow);
        Trim(ref _resized);
    }

    private static void Trim(ref byte[] room) => room = room.Length > Kept ? [] : room;

    private static Span<byte> Room(ref byte[] room, int count)
    {
        if (room.Length < count)
        {
            room = GC.AllocateUninitializedArray<byte>(count, pinned: true);
        }

        return room.AsSpan(0, count);
    }
}
