using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace VisionSeqModels.Torch;

/// <summary>libtorch on this system.</summary>
public static class TorchRuntime
{
    private static readonly Lazy<TorchBackendException?> Failure = new(Probe);

    /// <summary>This library's version; no native code is loaded for it.</summary>
    internal static string LibraryVersion => VersionOf(typeof(TorchRuntime).Assembly);

    /// <summary>Checks once whether libtorch can be used. Everything in this library that needs libtorch calls this
    /// first.</summary>
    /// <exception cref="TorchBackendException">It cannot; the message says in one sentence which package to add.</exception>
    public static void EnsureAvailable()
    {
        if (Failure.Value is TorchBackendException failure)
        {
            throw new TorchBackendException(failure.Message, failure.InnerException!);
        }
    }

    /// <summary>Versions and machine, for the record.</summary>
    /// <exception cref="TorchBackendException">libtorch cannot be used.</exception>
    public static TorchRuntimeInfo Describe()
    {
        EnsureAvailable();
        return new TorchRuntimeInfo
        {
            VisionSeqModels = LibraryVersion,
            TorchSharp = VersionOf(typeof(torch).Assembly),
            Dotnet = Environment.Version.ToString(),
            OperatingSystem = RuntimeInformation.OSDescription,
            Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            ProcessorCount = Environment.ProcessorCount,
            CudaIsAvailable = torch.cuda.is_available(),
        };
    }

    private static TorchBackendException? Probe()
    {
        // TorchSharp prints its attempts to the console; this library prints nothing.
        var console = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e)
            when (e is TypeInitializationException or NotSupportedException or DllNotFoundException or FileNotFoundException)
        {
            return new TorchBackendException(TorchBackendAdvice.For(e), e);
        }
        finally
        {
            Console.SetOut(console);
        }
    }

    // Without the commit that the compiler adds behind a plus sign.
    internal static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version!.ToString();
}
