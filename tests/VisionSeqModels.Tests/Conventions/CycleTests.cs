namespace VisionSeqModels.Tests.Conventions;

/// <summary>Files that use each other in a circle can only be read together: such circles stay short.</summary>
public sealed class CycleTests
{
    private const int LongestCycle = 3;

    [Fact]
    public void NoCycleOfFiles_IsLongerThanThree()
    {
        var cycles = FileCycles
            .In(TypeUses.In(typeof(Trainer).Assembly.Location))
            .Where(cycle => cycle.Count > LongestCycle)
            .Select(cycle => string.Join(", ", cycle));
        Assert.True(
            !cycles.Any(),
            $"These files use each other in a circle of more than {LongestCycle}:\n{string.Join('\n', cycles)}"
        );
    }

    [Fact]
    public void TheSearch_FindsCycles()
    {
        (string, string)[] uses =
        [
            ("Trainer", "Accuracy"),
            ("Accuracy", "LeNet"),
            ("LeNet", "Trainer"),
            ("LeNet", "Batch"),
            ("Batch", "Metric"),
            ("Metric", "Batch"),
        ];
        var cycles = FileCycles.In(uses).Select(cycle => string.Join(' ', cycle.Order(StringComparer.Ordinal)));
        Assert.Equal(["Accuracy.cs LeNet.cs Trainer.cs", "Batch.cs Metric.cs"], cycles.Order(StringComparer.Ordinal));
    }
}
