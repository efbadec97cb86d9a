namespace VisionSeqModels.Tests;

/// <summary>A test that takes 2 to 3 GiB of memory and of disk. It runs where VISIONSEQ_LARGE is set and 8 GiB are
/// free.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LargeMemoryFactAttribute : FactAttribute
{
    public LargeMemoryFactAttribute()
    {
        var memory = GC.GetGCMemoryInfo();
        if (
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable("VISIONSEQ_LARGE"))
            || memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes < 8L << 30
        )
        {
            Skip = "VISIONSEQ_LARGE is not set, or less than 8 GiB of memory are free.";
        }
    }
}
