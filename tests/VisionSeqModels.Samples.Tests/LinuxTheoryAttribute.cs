namespace VisionSeqModels.Tests;

/// <summary>A theory about what only Linux has, such as /dev/full.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "It needs Linux.";
        }
    }
}
