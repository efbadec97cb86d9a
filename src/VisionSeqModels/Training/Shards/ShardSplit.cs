using VisionSeqModels.Data;

namespace VisionSeqModels.Training;

/// <summary>Divides things into contiguous parts, the first ones larger by one where they are not equal (numpy's
/// <c>array_split</c>): a batch into shards, shards over ranks.</summary>
internal static class ShardSplit
{
    /// <summary>Where a part begins, and how many it has: none, where there are fewer things than parts.</summary>
    public static (int Begin, int Count) Part(int total, int parts, int index)
    {
        int each = total / parts;
        int larger = total % parts;
        return ((index * each) + Math.Min(index, larger), each + (index < larger ? 1 : 0));
    }

    /// <summary>The samples of one shard, or null where the batch is too small to have it.</summary>
    public static Batch? Of(Batch batch, int shards, int index)
    {
        var (begin, count) = Part(batch.Count, shards, index);
        return count == 0 ? null : batch.Part(begin, count);
    }
}
