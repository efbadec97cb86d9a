namespace VisionSeqModels.Tests.Kernels;

/// <summary>The kernels read only what they expect; everything else is libtorch's, with its results or its
/// exceptions.</summary>
public sealed class WeightFaultTests
{
    [Fact]
    public async Task EveryUnexpectedWeightAndInput_GivesLibtorchsResultOrException()
    {
        string[] lines = (await ChildProgram.Answer(ChildProgram.WeightsCommand)).Split('\n');
        Assert.DoesNotContain(lines, line => line.Contains("DIFFERENT", StringComparison.Ordinal));
        Assert.True(lines.Count(line => line.EndsWith(": values", StringComparison.Ordinal)) >= 50, "Too few gave values.");
        Assert.True(lines.Count(line => line.EndsWith(": exception", StringComparison.Ordinal)) >= 100, "Too few failed.");
    }
}
