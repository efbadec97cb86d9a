namespace VisionSeqModels.Tests;

/// <summary>A test against scipy, which is skipped where no Python has it beside PyTorch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScipyFactAttribute : FactAttribute
{
    public ScipyFactAttribute()
    {
        if (PyTorch.Python is null || !PyTorch.Has("scipy"))
        {
            Skip = "No Python with PyTorch and scipy was found (on Debian: python3-torch and python3-scipy).";
        }
    }
}
