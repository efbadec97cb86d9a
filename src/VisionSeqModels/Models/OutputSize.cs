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
            .Require(Enum.IsDefined(output), "Output", "Classes, Values or Labels", output)
            .AtLeast(LeastClasses(output), "ClassCount", classCount)
            .AtLeast(1, "ValueCount", valueCount)
            .Require(
                output == ModelOutput.Values || valueCount <= 1,
                "ValueCount",
                $"1 where Output is {output}, since it counts the outputs of Values",
                valueCount
            );

    private static int LeastClasses(ModelOutput output) =>
        output switch
        {
            ModelOutput.Labels => 1,
            ModelOutput.Values => int.MinValue, // not used
            _ => 2,
        };
}
