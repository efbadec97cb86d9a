namespace VisionSeqModels.Tests;

/// <summary>A test on real data, which is skipped where VISIONSEQ_DATA names no folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("VISIONSEQ_DATA")))
        {
            Skip = "VISIONSEQ_DATA names no folder with data sets.";
        }
    }
}
