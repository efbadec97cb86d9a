using System.Runtime.InteropServices;
using SkiaSharp;

namespace VisionSeqModels.Core;

/// <summary>Checks, before the first picture is read or drawn, whether SkiaSharp's native library is there.</summary>
internal static class SkiaLibrary
{
    private static readonly Lazy<DllNotFoundException?> Missing = new(Probe);

    /// <summary>Throws where no picture can be read or drawn.</summary>
    /// <exception cref="DllNotFoundException">SkiaSharp's native library is missing; the message names the package to
    /// add.</exception>
    public static void EnsureAvailable()
    {
        if (Missing.Value is DllNotFoundException missing)
        {
            throw new DllNotFoundException(missing.Message, missing);
        }
    }

    internal static DllNotFoundException NotThere(Exception inner)
    {
        string system =
            OperatingSystem.IsWindows() ? "Win32"
            : OperatingSystem.IsMacOS() ? "macOS"
            : "Linux.NoDependencies";
        return new DllNotFoundException(
            "SkiaSharp's native library is missing, so no picture can be read or drawn: add the package "
                + $"SkiaSharp.NativeAssets.{system} in the version of SkiaSharp.",
            inner
        );
    }

    private static DllNotFoundException? Probe()
    {
        try
        {
            // Not by creating an object: one whose constructor fails ends the process in its finalizer.
            IntPtr library = NativeLibrary.Load("libSkiaSharp", typeof(SKBitmap).Assembly, null);
            NativeLibrary.Free(library);
            return null;
        }
        catch (DllNotFoundException e)
        {
            return NotThere(e);
        }
    }
}
