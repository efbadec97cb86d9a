using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyShardTests
{
    [Fact]
    public void Part_IsEveryFewthTrial_FromItsIndexOn()
    {
        Assert.Equal([1, 4, 7], Enumerable.Range(1, 8).Where(new StudyShard(0, 3).Has));
        Assert.Equal([3, 6], Enumerable.Range(1, 8).Where(new StudyShard(2, 3).Has));
        Assert.True(new StudyShard(0, 1).Has(5));
    }

    [Theory]
    [InlineData("3", "5", null, null, 3)]
    [InlineData("3", "5", "1", null, 2)]
    [InlineData("11", "3", "1", "5", 2)]
    [InlineData("11", "3", "1", "0", 10)]
    [InlineData("3", "5", "x", "-1", 3)]
    [InlineData(null, "5", null, null, null)]
    [InlineData("3", null, null, null, null)]
    [InlineData("x", "5", null, null, null)]
    public void SlurmsTask_IsAPart(string? id, string? count, string? least, string? step, int? index)
    {
        var shard = StudyShard.FromSlurm(name =>
            name switch
            {
                "SLURM_ARRAY_TASK_ID" => id,
                "SLURM_ARRAY_TASK_COUNT" => count,
                "SLURM_ARRAY_TASK_MIN" => least,
                "SLURM_ARRAY_TASK_STEP" => step,
                _ => throw new InvalidOperationException(name),
            }
        );
        Assert.Equal(index, shard?.Index);
        Assert.Equal(index is null ? null : int.Parse(count!, System.Globalization.CultureInfo.InvariantCulture), shard?.Count);
    }
}
