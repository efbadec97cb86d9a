using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Benchmarks.DeviceCheck;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Benchmarks;

/// <summary>What <c>gpu/check.sh</c> compares, with the CPU in the GPU's place.</summary>
[Collection("Torch")]
public sealed class DeviceValuesTests
{
    public static TheoryData<string> Models => [.. Workload.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void OnTheCpu_HandledAsAGpu_ValuesLossAndGradientsAreWithinATenthOfWhatIsAllowed(string model)
    {
        var rows = DeviceValues.Measure(model, CPU, allowsTf32: false);
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.InRange(row.Distance, 0, row.Allowed / 10));
        Assert.Contains(rows, row => row.Distance > 0); // two ways of computing, not one
        Assert.False(HostDevice.IsRemote);
    }

    [Theory]
    [InlineData(1e-4, true)]
    [InlineData(1.1e-4, false)]
    [InlineData(double.NaN, false)]
    public void ADistance_IsWithin_OnlyWhereItIsANumberThatIsAllowed(double distance, bool isWithin) =>
        Assert.Equal(isWithin, new DeviceDifference("gru", "values", distance, 1e-4).IsWithin);
}
