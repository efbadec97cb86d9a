namespace VisionSeqModels.Tests;

/// <summary>A test against scikit-learn, which is skipped where no Python has it beside PyTorch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScikitLearnTheoryAttribute : TheoryAttribute
{
    public ScikitLearnTheoryAttribute()
    {
        if (PyTorch.Python is null || !PyTorch.Has("sklearn"))
        {
            Skip = "No Python with PyTorch and scikit-learn was found (on Debian: python3-torch and python3-sklearn).";
        }
    }
}
