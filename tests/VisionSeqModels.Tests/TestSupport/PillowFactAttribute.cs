namespace VisionSeqModels.Tests;

/// <summary>A test against Pillow itself, which is skipped where no Python has it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PillowFactAttribute : FactAttribute
{
    public PillowFactAttribute()
    {
        if (Pillow.Python is null)
        {
            Skip = Pillow.Missing;
        }
    }
}
