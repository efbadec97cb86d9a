using System.CommandLine;

namespace VisionSeqModels.Samples;

/// <summary>The flags of a sample that compares settings.</summary>
public static class StudyFlags
{
    /// <summary>Asks a sample that also has a final run for its study.</summary>
    public static Option<bool> Study { get; } =
        new("--study") { Description = "Compare settings instead of the final run; run it again with the same --out to go on" };

    /// <summary>Seeds of each setting.</summary>
    public static Option<long?> Seeds { get; } =
        Flag.Count(
            "--seeds",
            "Study: seeds for each setting, from --seed on (default 1); with several the report says whether "
                + "differences are more than chance",
            minimum: 1
        );

    /// <summary>Trials at once.</summary>
    public static Option<long?> Parallel { get; } =
        Flag.Count(
            "--parallel",
            "Study: trials at once, which divide the threads among them (default: as many as --threads)",
            minimum: 1
        );

    /// <summary>All of them.</summary>
    public static Option[] All => [Study, Seeds, Parallel];
}
