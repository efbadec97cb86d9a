namespace VisionSeqModels.Tests;

/// <summary>A test against PyTorch itself, which is skipped where no Python has it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PyTorchTheoryAttribute : TheoryAttribute
{
    public PyTorchTheoryAttribute()
    {
        if (PyTorch.Python is null)
        {
            Skip = "No Python with PyTorch was found (on Debian: the packages python3-torch and libopenblas0-openmp).";
        }
    }
}
