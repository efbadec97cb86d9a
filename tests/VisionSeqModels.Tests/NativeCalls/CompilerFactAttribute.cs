using System.Runtime.InteropServices;

namespace VisionSeqModels.Tests.NativeCalls;

/// <summary>A test that compiles a small library, which is skipped where there is no C compiler, or where the library's code
/// is not this processor's.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompilerFactAttribute : FactAttribute
{
    public CompilerFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Skip = "The library that counts calls is written for Linux on x64.";
        }
        else if (CallCounter.Compiler is null)
        {
            Skip = "No C compiler was found (on Debian: apt-get install gcc).";
        }
    }
}
