using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests;

/// <summary>Records of epochs that never were.</summary>
internal static class Epoch
{
    /// <summary>An epoch of one step and one sample, in a second.</summary>
    public static EpochRecord Of(int number, IReadOnlyDictionary<string, double> metrics) =>
        new()
        {
            Epoch = number,
            LearningRate = 1,
            Seconds = 1,
            SamplesPerSecond = 1,
            Steps = 1,
            Samples = 1,
            Metrics = metrics,
        };

    public static EpochRecord Of(int number, string metric, double value) =>
        Of(number, new Dictionary<string, double> { [metric] = value });
}
