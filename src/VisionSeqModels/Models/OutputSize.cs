using VisionSeqModels.Core;

namespace VisionSeqModels.Models;

/// <summary>The size of a model's last layer, out of its options.</summary>
internal static class OutputSize
{
    /// <summary>The number of outputs: one a class or label, or the real outputs.</summary>
    public static int Of(ModelOutput output, int classCount, int valueCount) =>
        output == ModelOutput.Values ? valueCount : classCount;

    /// <summary>Adds the faults of the three options.</summary>
    public static OptionFaults Outputs(this OptionFaults faults, ModelOutput output, int classCount, int valueCount) =>
        faults
            .Require(Enum.IsDefined(output), nameof(LeNetOptions.Output), "Classes, Values or Labels", output)
            .AtLeast(output == ModelOutput.Labels ? 1 : 2, nameof(LeNetOptions.ClassCount), classCount)
            .AtLeast(1, nameof(LeNetOptions.ValueCount), valueCount)
            .Require(
                output == ModelOutput.Values || valueCount <= 1,
                nameof(LeNetOptions.ValueCount),
                $"1 where Output is {output}, since it counts the outputs of Values",
                valueCount
            );
}
