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

    /// <summary>Processes on this machine.</summary>
    public static Option<long?> Workers { get; } =
        Flag.Count("--workers", "Study: processes on this machine that divide the trials among them (default 1)", minimum: 1);

    /// <summary>Where processes on any machine share the trials.</summary>
    public static Option<string?> Ledger { get; } =
        new("--ledger")
        {
            Description =
                "Study: a folder that all workers see, or a database such as postgres://user@host/database#study; start the same "
                + "command on each machine (default: DIR/ledger with --workers, else none)",
            HelpName = "DIR|URL",
            Validators =
            {
                result =>
                {
                    if (result.Tokens is [var token] && StudyLedgerFlag.Fault(token.Value) is string fault)
                    {
                        result.AddError(fault);
                    }
                },
            },
        };

    /// <summary>The values of a factor: the base setting's own first, then the others.</summary>
    /// <param name="own">The base setting's, which the command line may change.</param>
    /// <param name="values">What the study compares.</param>
    public static IReadOnlyList<T> Values<T>(T own, params IEnumerable<T> values) =>
        [own, .. values.Where(value => !EqualityComparer<T>.Default.Equals(value, own))];

    /// <summary>Their names, but for <c>--study</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["--seeds", "--parallel", "--workers", "--ledger"];

    /// <summary>All but <c>--study</c>, for a sample that is a study.</summary>
    public static Option[] OfStudies => [Seeds, Parallel, Workers, Ledger];

    /// <summary>All of them.</summary>
    public static Option[] All => [Study, .. OfStudies];
}
