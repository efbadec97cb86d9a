using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>Tensors that lie against a page which nobody may read or write: a kernel that goes one value too far ends the
/// process.
/// Linux alone.</summary>
internal static class GuardedMemory
{
    private const int ReadAndWrite = 3; // PROT_READ | PROT_WRITE
    private const int Nothing = 0; // PROT_NONE
    private const int PrivateAnonymous = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS
    private static readonly nint Page = Environment.SystemPageSize;
    private static readonly ConcurrentDictionary<nint, (nint Begin, nint Length)> Mapped = new();
    private static readonly Deleter Delete = Unmap;

    private delegate void Deleter(nint data);

    /// <summary>How many tensors were made.</summary>
    public static long Count { get; private set; }

    /// <summary>A tensor whose values are NaN, or all bits set.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="dtype">Its dtype.</param>
    /// <param name="atEnd">Whether its end is at the page, else its beginning.</param>
    public static Tensor New(long[] shape, ScalarType dtype, bool atEnd)
    {
        long bytes = shape.Aggregate(1L, (product, size) => product * size) * SizeOf(dtype);
        nint room = (nint)(((Math.Max(bytes, 1) + Page - 1) / Page) * Page),
            begin = mmap(0, room + (2 * Page), ReadAndWrite, PrivateAnonymous, -1, 0);
        if (begin == -1 || mprotect(begin, Page, Nothing) != 0 || mprotect(begin + Page + room, Page, Nothing) != 0)
        {
            throw new IOException($"No memory with guard pages: error {Marshal.GetLastPInvokeError()}.");
        }

        nint data = atEnd ? begin + Page + room - (nint)bytes : begin + Page;
        Mapped[data] = (begin, room + (2 * Page));
        var made = Wrap(data, shape, dtype);
        made.bytes.Fill(0xFF);
        Count++;
        return made;
    }

    /// <summary>A copy that lies against a page.</summary>
    public static Tensor Copy(Tensor tensor, bool atEnd)
    {
        var copy = New(tensor.shape, tensor.dtype, atEnd);
        using var whole = tensor.detach().contiguous();
        whole.bytes.CopyTo(copy.bytes);
        return copy;
    }

    private static int SizeOf(ScalarType dtype) => dtype == ScalarType.Byte ? 1 : 4;

    private static Tensor Wrap(nint data, long[] shape, ScalarType dtype)
    {
        var sizes = GCHandle.Alloc(shape, GCHandleType.Pinned);
        try
        {
            return Tensor.UnsafeCreateTensor(
                THSTensor_new(data, Delete, sizes.AddrOfPinnedObject(), shape.Length, (sbyte)dtype, (sbyte)dtype, 0, 0, false)
            );
        }
        finally
        {
            sizes.Free();
        }
    }

    private static void Unmap(nint data)
    {
        if (Mapped.TryRemove(data, out var memory))
        {
            _ = munmap(memory.Begin, memory.Length);
        }
    }

#pragma warning disable SYSLIB1054, IDE1006, CA5392 // the generated kind needs unsafe code; the names are the functions' own
    [DllImport("libc", SetLastError = true)]
    private static extern nint mmap(nint address, nint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int mprotect(nint address, nint length, int protection);

    [DllImport("libc", SetLastError = true)]
    private static extern int munmap(nint address, nint length);

    [DllImport("LibTorchSharp")]
    private static extern nint THSTensor_new(
        nint data,
        Deleter deleter,
        nint sizes,
        int dimensions,
        sbyte type,
        sbyte dtype,
        int deviceType,
        int deviceIndex,
        [MarshalAs(UnmanagedType.U1)] bool wantsGradient
    );
#pragma warning restore SYSLIB1054, IDE1006, CA5392
}
